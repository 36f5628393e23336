package size

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func source(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)//.*$`).ReplaceAllString(string(text), "")
}

func TestHiddenString(t *testing.T) {
	for b, want := range map[Bytes]string{999: "999 B", 1_000: "1.0 KB", 999_999: "1000.0 KB", 1_000_000: "1.0 MB", 1_000_000_000: "1.0 GB", 1_000_000_000_000: "1.0 TB", 2_500_000_000_000_000: "2500.0 TB", -5_000: "-5000 B"} {
		if got := b.String(); got != want {
			t.Errorf("%d: %s", int64(b), got)
		}
	}
}

func TestHiddenParse(t *testing.T) {
	for text, want := range map[string]Bytes{" 7 b ": 7, "1 Kb": 1_000, "0.5 MB": 500_000, "1 GB": 1_000_000_000, "1 TB": 1_000_000_000_000, "1.9": 1} {
		if got, err := ParseBytes(text); err != nil || got != want {
			t.Errorf("%s: %d %v", text, int64(got), err)
		}
	}
	if _, err := ParseBytes("1 PB"); err == nil || !strings.Contains(err.Error(), `unknown unit "PB"`) {
		t.Error(err)
	}
}

func TestHiddenProgress(t *testing.T) {
	for want, p := range map[string][2]Bytes{"5 of 999 B": {5, 999}, "0.0 of 1.0 KB": {5, 1_000}, "1.0 of 1.5 GB": {1_000_000_000, 1_500_000_000}, "1.0 of 2.0 TB": {1e12, 2e12}} {
		if got := Progress(p[0], p[1]); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

func TestHiddenOneTable(t *testing.T) {
	if len(units) < 4 {
		t.Fatalf("%d units", len(units))
	}
	names := map[string]int64{}
	for _, unit := range units {
		names[unit.name] = int64(unit.size)
	}
	for name, size := range map[string]int64{"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12} {
		if names[name] != size {
			t.Errorf("%s is %d", name, names[name])
		}
	}
}

func TestHiddenAllUseIt(t *testing.T) {
	for _, name := range []string{"bytes.go", "parse.go", "progress.go"} {
		if regexp.MustCompile(`"[KMGT]B"|%[.1f]* [KMGT]B|1_000|1e\d`).MatchString(source(t, name)) {
			t.Errorf("%s has units of its own", name)
		}
	}
}

func TestHiddenOneLineForAnother(t *testing.T) {
	before := units
	defer func() { units = before }()
	another := before[0]
	another.name, another.size = "PB", 1e15
	longest := append(append(before[:0:0], before...), another)
	if before[0].size > before[len(before)-1].size {
		longest = append(append(before[:0:0], another), before...)
	}
	units = longest
	if got := Bytes(2e15).String(); got != "2.0 PB" {
		t.Error(got)
	}
	if got, err := ParseBytes("1 pb"); err != nil || got != 1e15 {
		t.Error(got, err)
	}
	if got := Progress(1e15, 2e15); got != "1.0 of 2.0 PB" {
		t.Error(got)
	}
}
