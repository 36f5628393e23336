package merge

import "strings"

// Get reads a value by its path, with dots between the keys.
func Get(tree map[string]any, path string) (any, bool) {
	var value any = tree
	for _, key := range strings.Split(path, ".") {
		nested, isMap := value.(map[string]any)
		if !isMap {
			return nil, false
		}
		found, there := nested[key]
		if !there {
			return nil, false
		}
		value = found
	}
	return value, true
}
