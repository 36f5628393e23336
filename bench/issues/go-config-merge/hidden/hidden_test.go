package merge_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"example.org/merge"
)

func tree(text string) map[string]any {
	var value map[string]any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(err)
	}
	return value
}

func expect(t *testing.T, base, over, want string) {
	t.Helper()
	if got := merge.Deep(tree(base), tree(over)); !reflect.DeepEqual(got, tree(want)) {
		t.Errorf("%s and %s: %v", base, over, got)
	}
}

func TestHiddenBothStayAsTheyAre(t *testing.T) {
	base, over := tree(`{"a":{"b":{"c":1}},"l":[{"x":1}]}`), tree(`{"a":{"b":{"d":2}},"n":{"m":1}}`)
	merge.Deep(base, over)
	if !reflect.DeepEqual(base, tree(`{"a":{"b":{"c":1}},"l":[{"x":1}]}`)) || !reflect.DeepEqual(over, tree(`{"a":{"b":{"d":2}},"n":{"m":1}}`)) {
		t.Error(base, over)
	}
}

func TestHiddenNothingIsShared(t *testing.T) {
	base, over := tree(`{"a":{"b":1},"l":[{"x":1}]}`), tree(`{"n":{"m":[1]}}`)
	got := merge.Deep(base, over)
	got["a"].(map[string]any)["b"] = 9
	got["l"].([]any)[0].(map[string]any)["x"] = 9
	got["n"].(map[string]any)["m"].([]any)[0] = 9
	if !reflect.DeepEqual(base, tree(`{"a":{"b":1},"l":[{"x":1}]}`)) || !reflect.DeepEqual(over, tree(`{"n":{"m":[1]}}`)) {
		t.Error(base, over)
	}
}

func TestHiddenNilRemoves(t *testing.T) {
	expect(t, `{"a":1,"b":{"c":1,"d":2}}`, `{"a":null,"b":{"c":null}}`, `{"b":{"d":2}}`)
	expect(t, `{}`, `{"a":null}`, `{}`)
	expect(t, `{}`, `{"a":{"b":null,"c":1}}`, `{"a":{"c":1}}`)
}

func TestHiddenOtherKinds(t *testing.T) {
	expect(t, `{"a":"x"}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`)
	expect(t, `{"a":{"b":1}}`, `{"a":"x"}`, `{"a":"x"}`)
	expect(t, `{"a":[1,2]}`, `{"a":[3]}`, `{"a":[3]}`)
}

func TestHiddenNullInTheBaseStays(t *testing.T) {
	expect(t, `{"a":null}`, `{"b":1}`, `{"a":null,"b":1}`)
	expect(t, `{"a":null}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`)
}

func TestHiddenNilArguments(t *testing.T) {
	if got := merge.Deep(nil, nil); got == nil || len(got) != 0 {
		t.Error(got)
	}
	if got := merge.Deep(nil, tree(`{"a":1}`)); got["a"] != 1.0 {
		t.Error(got)
	}
}
