package words_test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"example.org/words"
)

func count(t *testing.T, text string) map[string]int {
	t.Helper()
	counts, err := words.Count(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestHiddenCase(t *testing.T) {
	if got := count(t, "The the THE Über über"); !maps.Equal(got, map[string]int{"the": 3, "über": 2}) {
		t.Fatal(got)
	}
}

func TestHiddenApostrophes(t *testing.T) {
	got := count(t, "don't 'quoted' rock 'n' roll '' dogs' o'clock's")
	want := map[string]int{"don't": 1, "quoted": 1, "rock": 1, "n": 1, "roll": 1, "dogs": 1, "o'clock's": 1}
	if !maps.Equal(got, want) {
		t.Fatal(got)
	}
}

func TestHiddenDigits(t *testing.T) {
	if got := count(t, "10 4711 agent 007"); !maps.Equal(got, map[string]int{"agent": 1}) {
		t.Fatal(got)
	}
}

var some = map[string]int{"b": 2, "a": 2, "c": 5, "d": 1}

func TestHiddenTop(t *testing.T) {
	all := []words.Entry{{"c", 5}, {"a", 2}, {"b", 2}, {"d", 1}}
	for _, c := range []struct {
		n, min int
		want   []words.Entry
	}{{0, 0, all}, {-1, 1, all}, {2, 1, all[:2]}, {9, 2, all[:3]}, {1, 6, nil}, {3, 0, all[:3]}} {
		if got := words.Top(some, c.n, c.min); !slices.Equal(got, c.want) {
			t.Fatalf("Top(%d, %d) = %v", c.n, c.min, got)
		}
	}
}

func TestHiddenTopOfNothing(t *testing.T) {
	if got := words.Top(nil, 5, 1); len(got) != 0 {
		t.Fatal(got)
	}
}

func TestHiddenCommand(t *testing.T) {
	run := func(args ...string) string {
		command := exec.Command("go", append([]string{"run", "./cmd/words"}, args...)...)
		command.Stdin = strings.NewReader("b a a c c c")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	if got := run("-top", "2"); got != "3\tc\n2\ta\n" {
		t.Fatalf("%q", got)
	}
	if got := run("-min", "3"); got != "3\tc\n" {
		t.Fatalf("%q", got)
	}
}
