package slug

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

type declared struct{ name, doc string }

// parsed gives the package comment, all that is exported, and the text of each example.
func parsed(t *testing.T) (comment string, exported []declared, examples map[string]string) {
	t.Helper()
	set := token.NewFileSet()
	names, _ := filepath.Glob("*.go")
	examples = map[string]string{}
	for _, name := range names {
		if name == "hidden_test.go" || name == "slug_test.go" {
			continue
		}
		text, _ := os.ReadFile(name)
		file, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		isTest := strings.HasSuffix(name, "_test.go")
		if !isTest {
			comment += file.Doc.Text()
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if isTest && strings.HasPrefix(d.Name.Name, "Example") {
					examples[d.Name.Name] = string(text[set.Position(d.Pos()).Offset:set.Position(d.End()).Offset])
				} else if !isTest && d.Name.IsExported() {
					exported = append(exported, declared{d.Name.Name, d.Doc.Text()})
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if kind, isType := spec.(*ast.TypeSpec); isType && !isTest && kind.Name.IsExported() {
						exported = append(exported, declared{kind.Name.Name, d.Doc.Text() + kind.Doc.Text()})
					}
				}
			}
		}
	}
	return comment, exported, examples
}

func TestHiddenPackageComment(t *testing.T) {
	comment, _, _ := parsed(t)
	if len(strings.Fields(comment)) < 12 || !strings.HasPrefix(comment, "Package slug ") {
		t.Errorf("%q", comment)
	}
	if text, err := os.ReadFile("doc.go"); err != nil || !strings.Contains(string(text), "Package slug ") {
		t.Error("it is not in doc.go")
	}
}

func TestHiddenExportedNames(t *testing.T) {
	_, exported, _ := parsed(t)
	if len(exported) < 8 {
		t.Errorf("%v", exported)
	}
	for _, each := range exported {
		if len(strings.Fields(each.doc)) < 4 {
			t.Errorf("%s: %q", each.name, each.doc)
		}
	}
}

func TestHiddenExamples(t *testing.T) {
	_, _, examples := parsed(t)
	all := ""
	for name, text := range examples {
		all += text
		if !strings.Contains(text, "// Output:") && !strings.Contains(text, "// Unordered output:") {
			t.Errorf("%s has no output", name)
		}
	}
	for _, pattern := range []string{`Make\(`, `MaxLength\(`, `Unique\(`, `NewSlugger\(`, `Replace\(`} {
		if !regexp.MustCompile(pattern).MatchString(all) {
			t.Errorf("no example shows %s", pattern)
		}
	}
	if len(examples) < 4 {
		t.Errorf("%d examples", len(examples))
	}
}

func TestHiddenExamplesRun(t *testing.T) {
	out, err := exec.Command("go", "test", "-count=1", "-v", "-run", "^Example", ".").CombinedOutput()
	if err != nil || strings.Count(string(out), "--- PASS: Example") < 4 {
		t.Errorf("%v: %s", err, out)
	}
}

func TestHiddenReadme(t *testing.T) {
	text, _ := os.ReadFile("README.md")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 || strings.Contains(string(text), "slug.New(") {
		t.Fatal("no example, or the old one")
	}
	for _, block := range blocks {
		folder, err := os.MkdirTemp(".", "readme")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		os.WriteFile(filepath.Join(folder, "main.go"), []byte(block[1]), 0o600)
		out, err := exec.Command("go", "run", "./"+folder).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		told := regexp.MustCompile(`(?m)Println\(.*\) *// ?(.*)$`).FindAllStringSubmatch(block[1], -1)
		if len(told) == 0 {
			t.Error("nothing is said of what it prints")
		}
		var want []string
		for _, line := range told {
			want = append(want, strings.TrimSpace(line[1]))
		}
		if got := strings.TrimSpace(string(out)); got != strings.Join(want, "\n") {
			t.Errorf("printed %q, said %q", got, want)
		}
	}
}
