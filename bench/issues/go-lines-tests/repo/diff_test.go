package diff

import "testing"

func TestNothingToDo(t *testing.T) {
	if edits := Lines(nil, nil); len(edits) != 0 {
		t.Fatal(edits)
	}
}
