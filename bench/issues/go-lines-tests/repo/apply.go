package diff

import "errors"

// ErrMismatch says that edits were not made for this text.
var ErrMismatch = errors.New("diff: the edits are for another text")

// Apply does the edits to the text that they were made for.
func Apply(old []string, edits []Edit) ([]string, error) {
	var result []string
	at := 0
	for _, edit := range edits {
		if edit.Kind == Add {
			result = append(result, edit.Line)
			continue
		}
		if at >= len(old) || old[at] != edit.Line {
			return nil, ErrMismatch
		}
		if edit.Kind == Keep {
			result = append(result, edit.Line)
		}
		at++
	}
	if at < len(old) {
		return nil, ErrMismatch
	}
	return result, nil
}

// Stat counts what is added and removed.
func Stat(edits []Edit) (added, removed int) {
	for _, edit := range edits {
		switch edit.Kind {
		case Add:
			added++
		case Remove:
			removed++
		}
	}
	return added, removed
}
