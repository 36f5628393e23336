package size

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
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
		if regexp.MustCompile(`"[KMGT]B"|%[.1f]* [KMGT]B`).MatchString(source(t, name)) {
			t.Errorf("%s has units of its own", name)
		}
	}
}

const withPetabytes = `package size

import "testing"

func TestPetabytes(t *testing.T) {
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
`

// A copy of the package with one more line in its table is compiled anew: however the table is used, the line is enough.
func TestHiddenOneLineForAnother(t *testing.T) {
	folder, err := os.MkdirTemp(".", "petabytes")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	names, _ := filepath.Glob("*.go")
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "units.go" {
			text = oneMore(t, string(text))
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "petabytes_test.go"), []byte(withPetabytes), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "test", "-vet=off", "-count=1", "./"+folder).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// oneMore writes the line of TB once more, for PB, at the end of the table where the largest unit is.
func oneMore(t *testing.T, text string) []byte {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "units.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var table *ast.CompositeLit
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, is := node.(*ast.ValueSpec); is && spec.Names[0].Name == "units" && len(spec.Values) == 1 {
			table, _ = spec.Values[0].(*ast.CompositeLit)
		}
		return table == nil
	})
	if table == nil || len(table.Elts) < 4 {
		t.Fatal("units is no table of at least four lines in units.go")
	}
	at := func(pos token.Pos) int { return set.Position(pos).Offset }
	last := len(table.Elts) - 1
	ascending := int64(units[0].size) < int64(units[len(units)-1].size)
	largest := table.Elts[0]
	if ascending {
		largest = table.Elts[last]
	}
	line, is := largest.(*ast.CompositeLit)
	if !is {
		t.Fatal("a line of units is no literal")
	}
	more := text[at(line.Pos()):at(line.End())]
	// From the end, so that what comes before stays where it is.
	for index := len(line.Elts) - 1; index >= 0; index-- {
		field, value := fieldOf(line, index), line.Elts[index]
		if pair, is := value.(*ast.KeyValueExpr); is {
			value = pair.Value
		}
		put := map[string]string{"name": `"PB"`, "size": "1_000_000_000_000_000"}[field]
		if put != "" {
			more = more[:at(value.Pos())-at(line.Pos())] + put + more[at(value.End())-at(line.Pos()):]
		}
	}
	if ascending {
		return []byte(text[:at(line.End())] + ", " + more + text[at(line.End()):])
	}
	return []byte(text[:at(line.Pos())] + more + ", " + text[at(line.Pos()):])
}

// fieldOf is the name of a field, also where the line does not tell it.
func fieldOf(line *ast.CompositeLit, index int) string {
	if pair, is := line.Elts[index].(*ast.KeyValueExpr); is {
		if key, is := pair.Key.(*ast.Ident); is {
			return key.Name
		}
	}
	return reflect.TypeOf(units).Elem().Field(index).Name
}
