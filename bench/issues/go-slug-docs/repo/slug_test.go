package slug

import "testing"

func TestMake(t *testing.T) {
	for text, want := range map[string]string{"Hello World": "hello-world", "Käse & Brot": "kaese-and-brot", "  ": ""} {
		if got := Make(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestUnique(t *testing.T) {
	taken := map[string]bool{"a": true, "a-2": true}
	if got := Unique("a", func(slug string) bool { return taken[slug] }); got != "a-3" {
		t.Error(got)
	}
}
