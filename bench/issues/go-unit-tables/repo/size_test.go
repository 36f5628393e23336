package size

import "testing"

func TestString(t *testing.T) {
	for b, want := range map[Bytes]string{0: "0 B", 999: "999 B", 1_500: "1.5 KB", 2_000_000: "2.0 MB", 3_000_000_000_000: "3.0 TB"} {
		if got := b.String(); got != want {
			t.Errorf("%d: %s", int64(b), got)
		}
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]Bytes{"12": 12, "1.5 KB": 1_500, "2 gb": 2_000_000_000} {
		if got, err := ParseBytes(text); err != nil || got != want {
			t.Errorf("%s: %d %v", text, int64(got), err)
		}
	}
	for _, text := range []string{"", "x", "-1 KB", "1 XB"} {
		if _, err := ParseBytes(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestProgress(t *testing.T) {
	if got := Progress(500_000, 2_000_000); got != "0.5 of 2.0 MB" {
		t.Error(got)
	}
}
