// Package diff compares texts line by line.
package diff

// Kind of an edit.
type Kind byte

const (
	Keep   Kind = ' '
	Remove Kind = '-'
	Add    Kind = '+'
)

// Edit is one line of the old or the new text.
type Edit struct {
	Kind Kind
	Line string
}

// Lines gives the fewest edits that turn old into new.
func Lines(old, new []string) []Edit {
	common := lengths(old, new)
	var edits []Edit
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		switch {
		case i < len(old) && j < len(new) && old[i] == new[j]:
			edits = append(edits, Edit{Keep, old[i]})
			i, j = i+1, j+1
		case j == len(new) || (i < len(old) && common[i+1][j] >= 0):
			edits = append(edits, Edit{Remove, old[i]})
			i++
		default:
			edits = append(edits, Edit{Add, new[j]})
			j++
		}
	}
	return removalsFirst(edits)
}

// lengths of the longest common subsequences of all ends of both texts.
func lengths(old, new []string) [][]int {
	common := make([][]int, len(old)+1)
	for i := range common {
		common[i] = make([]int, len(new)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			if old[i] == new[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	return common
}

func removalsFirst(edits []Edit) []Edit {
	var sorted, added []Edit
	for _, edit := range edits {
		if edit.Kind == Add {
			added = append(added, edit)
			continue
		}
		if edit.Kind == Keep {
			sorted = append(sorted, added...)
			added = nil
		}
		sorted = append(sorted, edit)
	}
	return append(sorted, added...)
}
