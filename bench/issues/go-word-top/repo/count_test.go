package words

import (
	"maps"
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	got, err := Count(strings.NewReader("one two,two\nthree; one two"))
	if err != nil || !maps.Equal(got, map[string]int{"one": 2, "two": 3, "three": 1}) {
		t.Fatal(got, err)
	}
}

func TestCountNothing(t *testing.T) {
	if got, err := Count(strings.NewReader(" \n.,")); err != nil || len(got) != 0 {
		t.Fatal(got, err)
	}
}
