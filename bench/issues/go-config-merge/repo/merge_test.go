package merge

import "testing"

func TestDeep(t *testing.T) {
	base := map[string]any{"web": map[string]any{"port": 80, "host": "a"}}
	over := map[string]any{"web": map[string]any{"port": 8080}, "debug": true}
	got := Deep(base, over)
	for path, want := range map[string]any{"web.port": 8080, "web.host": "a", "debug": true} {
		if value, there := Get(got, path); !there || value != want {
			t.Errorf("%s: %v", path, value)
		}
	}
}

func TestGetWhatIsNotThere(t *testing.T) {
	if _, there := Get(map[string]any{"a": 1}, "a.b"); there {
		t.Fatal("it is there")
	}
}
