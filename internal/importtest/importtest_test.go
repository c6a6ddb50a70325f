package importtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "verbatim"

// anything stands in the table for a package that may import all of ours.
const anything = "*"

// table says which of our packages each of our packages may import. A
// package that is missing here is an error, so that a new one gets its line.
var table = map[string][]string{
	"retrieval/corpus":           {},
	"retrieval/english":          {},
	"retrieval/words":            {"retrieval/english"},
	"retrieval/facts":            {"retrieval/corpus", "retrieval/english", "retrieval/words"},
	"retrieval/segment":          {"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts"},
	"retrieval/dateline":         {"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts"},
	"retrieval/embed":            {"retrieval/corpus", "retrieval/words"},
	"retrieval/wordnet":          {"retrieval/corpus", "retrieval/words"},
	"retrieval/query":            {"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts"},
	"retrieval/rank":             {"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts", "retrieval/query"},
	"retrieval":                  {"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts", "retrieval/segment", "retrieval/dateline", "retrieval/query", "retrieval/rank"},
	"retrieval/load":             {"retrieval", "retrieval/corpus", "retrieval/dateline"},
	"retrieval/local":            {"retrieval", "retrieval/corpus", "retrieval/words", "retrieval/local/index", "retrieval/local/record", "internal/sqlite"},
	"retrieval/local/record":     {"retrieval", "retrieval/corpus"},
	"retrieval/local/index":      {"retrieval", "retrieval/corpus", "retrieval/words"},
	"retrieval/retrievaltest":    {"retrieval", "retrieval/corpus"},
	"seeds":                      {},
	"internal/importtest":        {},
	"internal/safetext":          {},
	"internal/api":               {"answer", "internal/safetext", "retrieval", "retrieval/corpus"},
	"internal/openai/openaitest": {},
	"bot/discord":                {"internal/safetext"},
	"bot/discordtest":            {},
	"bot/discordtest/openapi":    {},
	"answer/rank/align":          {"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/embed", "retrieval/wordnet"},
	"answer/rank/reader":         {"answer/rank/align", "retrieval/embed"},
	"answer/guard":               {"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts", "retrieval/wordnet"},
	"answer/conversation":        {"answer/draft", "retrieval/english", "retrieval/facts", "retrieval/words"},
	"answer/draft":               {"answer/guard", "retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/query"},
	"answer/rank":                {"answer/rank/align", "answer/rank/reader", "retrieval", "retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts", "retrieval/query", "retrieval/rank", "retrieval/embed", "retrieval/wordnet"},
	"answer":                     {"answer/conversation", "answer/draft", "answer/guard", "answer/rank", "retrieval", "retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts", "retrieval/query"},
	"internal/openai":            {"answer/draft", "retrieval"},
	"internal/library":           {"answer", "retrieval", "retrieval/corpus", "retrieval/load", "retrieval/segment"},
	"internal/app": {
		"answer", "internal/library", "internal/openai", "internal/settings", "retrieval", "retrieval/corpus",
		"retrieval/embed", "retrieval/load", "retrieval/local", "seeds",
	},
	"internal/settings": {"internal/sqlite"},
	"internal/sqlite":   {},
	"internal/eval":     {"answer", "answer/draft", "answer/guard", "answer/rank", "retrieval", "retrieval/corpus", "retrieval/words", "retrieval/query", "retrieval/rank"},
	"bot": {
		"answer", "bot/discord", "bot/quota", "bot/render", "internal/safetext", "internal/settings", "retrieval", "retrieval/corpus",
	},
	"bot/render":   {"answer", "bot/discord", "internal/safetext", "retrieval", "retrieval/corpus"},
	"bot/quota":    {},
	"cmd/verbatim": {anything},
}

// libraries says which packages may import a library, by a prefix of its
// import path. A library that is not here is free.
var libraries = map[string][]string{
	"github.com/bwmarrin/discordgo":     {"bot/discord"},
	"github.com/sashabaranov/go-openai": {"internal/openai"},
	"github.com/philippgille/chromem-go": {
		"retrieval/local/index",
	},
	"github.com/blevesearch/":       {"retrieval/local/index"},
	"modernc.org/sqlite":            {"internal/sqlite"},
	"github.com/spf13/cobra":        {"cmd/verbatim"},
	"gopkg.in/yaml":                 {"retrieval/load", "cmd/verbatim"},
	"github.com/goccy/go-yaml":      nil, // one YAML library is enough
	"flag":                          {"cmd/verbatim"},
	"github.com/spf13/pflag":        {"cmd/verbatim"},
	"testing":                       {"retrieval/retrievaltest"},
	"github.com/google/go-cmp":      {"retrieval/retrievaltest"},
	"github.com/rogpeppe":           nil,
	"github.com/getkin/kin-openapi": {"bot/discordtest/openapi"},
}

// pure are the packages that compute and do nothing else.
var pure = []string{
	"retrieval/corpus", "retrieval/english", "retrieval/words", "retrieval/facts", "retrieval/segment", "retrieval/dateline", "retrieval/embed", "retrieval/wordnet", "retrieval/query", "retrieval/rank",
}

const (
	maxFileLines     = 500
	maxFunctionLines = 60
)

// source is one Go file that goes into a build.
type source struct {
	path string // from the module's root, with slashes
	dir  string // the package's import path less the module
	file *ast.File
	fset *token.FileSet
}

func (s source) imports() []string {
	var list []string
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err == nil {
			list = append(list, p)
		}
	}
	return list
}

func (s source) lines(n ast.Node) int {
	return s.fset.Position(n.End()).Line - s.fset.Position(n.Pos()).Line + 1
}

// sources parses every Go file of the module; tests and generators only
// where all is set.
func sources(t *testing.T, all bool) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	var list []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || !all && strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		if !all && ignored(file) {
			return nil
		}
		rel = filepath.ToSlash(rel)
		list = append(list, source{path: rel, dir: path.Dir(rel), file: file, fset: fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 5 {
		t.Fatalf("found %d Go files from %s: the tests look in the wrong place", len(list), root)
	}
	return list
}

// ignored reports whether file says //go:build ignore.
func ignored(file *ast.File) bool {
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		for _, c := range group.List {
			if strings.TrimSpace(c.Text) == "//go:build ignore" {
				return true
			}
		}
	}
	return false
}

func TestImports(t *testing.T) {
	for _, s := range sources(t, false) {
		allowed, known := table[s.dir]
		if !known {
			t.Errorf("%s: package %s has no line in the import table", s.path, s.dir)
			continue
		}
		for _, p := range s.imports() {
			if ours, ok := strings.CutPrefix(p, module+"/"); ok {
				if !slices.Contains(allowed, ours) && !slices.Contains(allowed, anything) {
					t.Errorf("%s: %s may not import %s", s.path, s.dir, ours)
				}
				continue
			}
			for library, users := range libraries {
				if matches(p, library) && !slices.Contains(users, s.dir) {
					t.Errorf("%s: %s may not import %s", s.path, s.dir, p)
				}
			}
		}
	}
}

// matches reports whether the import path p is library or inside it.
func matches(p, library string) bool {
	rest, ok := strings.CutPrefix(p, library)
	return ok && (rest == "" || strings.HasSuffix(library, "/") || rest[0] == '/' || rest[0] == '.')
}

func TestTableNamesRealPackages(t *testing.T) {
	for dir, allowed := range table {
		for _, ours := range allowed {
			if _, ok := table[ours]; !ok && ours != anything {
				t.Errorf("the line of %s allows %s, which has no line itself", dir, ours)
			}
		}
	}
}

func TestPure(t *testing.T) {
	for _, s := range sources(t, false) {
		if !slices.Contains(pure, s.dir) {
			continue
		}
		for _, p := range s.imports() {
			if p == "os" || strings.HasPrefix(p, "os/") || p == "net" || strings.HasPrefix(p, "net/") {
				t.Errorf("%s: the pure package %s imports %s", s.path, s.dir, p)
			}
		}
		eachCall(s, "time", func(name string, at token.Position) {
			if name == "Now" || name == "Since" || name == "Until" {
				t.Errorf("%s:%d: the pure package %s asks for the time", s.path, at.Line, s.dir)
			}
		})
	}
}

func TestEnvironmentOnlyInCommand(t *testing.T) {
	for _, s := range sources(t, false) {
		if s.dir == "cmd/verbatim" {
			continue
		}
		eachCall(s, "os", func(name string, at token.Position) {
			switch name {
			case "Getenv", "LookupEnv", "Environ", "ExpandEnv", "Setenv", "Unsetenv", "Args", "Exit":
				t.Errorf("%s:%d: os.%s outside cmd/verbatim", s.path, at.Line, name)
			}
		})
	}
}

func TestNoInitNoExit(t *testing.T) {
	for _, s := range sources(t, false) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init", s.path)
			}
		}
		eachCall(s, "os", func(name string, at token.Position) {
			if name == "Exit" && s.path != "cmd/verbatim/main.go" {
				t.Errorf("%s:%d: os.Exit outside main", s.path, at.Line)
			}
		})
	}
}

// eachCall calls f for each selector pkg.Name of s where pkg is the name of
// an imported package of that path.
func eachCall(s source, pkg string, f func(name string, at token.Position)) {
	if !slices.Contains(s.imports(), pkg) {
		return
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && id.Name == pkg && id.Obj == nil {
			f(sel.Sel.Name, s.fset.Position(sel.Pos()))
		}
		return true
	})
}

func TestLengths(t *testing.T) {
	for _, s := range sources(t, true) {
		if ast.IsGenerated(s.file) {
			continue
		}
		if n := s.fset.File(s.file.Pos()).LineCount(); n > maxFileLines && !strings.HasSuffix(s.path, "_test.go") {
			t.Errorf("%s: %d lines, at most %d", s.path, n, maxFileLines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && !strings.HasSuffix(s.path, "_test.go") && s.lines(f) > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, at most %d", s.path, f.Name.Name, s.lines(f), maxFunctionLines)
			}
		}
	}
}

// A rule that never fires would pass on any tree: each is tried on a file
// that breaks it.
func TestRulesFire(t *testing.T) {
	const text = "package x\nimport (\"os\"; \"time\")\nfunc init() { os.Getenv(\"A\"); time.Now() }\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	s := source{path: "x.go", dir: "retrieval/words", file: file, fset: fset}
	var calls []string
	for _, pkg := range []string{"os", "time", "net"} {
		eachCall(s, pkg, func(name string, _ token.Position) { calls = append(calls, pkg+"."+name) })
	}
	if want := []string{"os.Getenv", "time.Now"}; !slices.Equal(calls, want) {
		t.Errorf("calls %v, want %v", calls, want)
	}
	if !matches("github.com/blevesearch/bleve/v2", "github.com/blevesearch/") || matches("flags", "flag") {
		t.Error("library prefixes match wrongly")
	}
	gen, err := parser.ParseFile(fset, "g.go", "//go:build ignore\n\npackage main\n", parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if !ignored(gen) || ignored(file) {
		t.Error("generators are not told from other files")
	}
}

// The tests above read the tree by a relative path.
func TestRoot(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(mod), "module "+module+"\n") {
		t.Errorf("the module is not called %s", module)
	}
}
