// Package merge merges trees of maps.
package merge

// Deep merges over into base.
func Deep(base, over map[string]any) map[string]any {
	result := base
	if result == nil {
		result = map[string]any{}
	}
	for key, value := range over {
		nested, isMap := value.(map[string]any)
		if isMap && result[key] != nil {
			result[key] = Deep(result[key].(map[string]any), nested)
			continue
		}
		result[key] = value
	}
	return result
}
