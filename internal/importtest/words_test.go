package importtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxWords is how many words of English may stand in a list of a Go file.
// Longer lists are knowledge of the language and belong to retrieval/english.
const maxWords = 8

var (
	// plainWord matches what may be an entry of a list of words: one to four
	// words in lower case.
	plainWord = regexp.MustCompile(`^[a-z][a-z'’.-]*(?: [a-z'’.-]+){0,3}$`)
	// alternatives matches a part of a regular expression that lists words.
	alternatives = regexp.MustCompile(`[a-z ?]{2,}(?:\|[a-z ?]{2,})+`)
	// wordList matches a text that is nothing but words.
	wordList = regexp.MustCompile(`^[a-z'’.|:\s-]+$`)
)

// wordLists returns the places of the lists of words in file.
func wordLists(file *ast.File) []ast.Node {
	var out []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		var list []ast.Expr
		switch n := n.(type) {
		case *ast.CaseClause:
			list = n.List
		case *ast.ValueSpec:
			return !featureNames(n)
		case *ast.CompositeLit:
			list = n.Elts
		case *ast.CallExpr:
			list = n.Args
		case *ast.BasicLit:
			if words := literal(n); len(alternatives.FindString(words)) > 0 && strings.Count(longest(alternatives, words), "|") >= maxWords ||
				strings.Contains(words, "\n") && wordList.MatchString(words) && len(strings.Fields(words)) > maxWords {
				out = append(out, n)
			}
			return true
		}
		count := 0
		for _, e := range list {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				e = kv.Key
			}
			if lit, ok := e.(*ast.BasicLit); ok && plainWord.MatchString(literal(lit)) {
				count++
			}
		}
		if count > maxWords {
			out = append(out, n)
		}
		return true
	})
	return out
}

// featureNames reports whether n declares the names of a model's features,
// which are no words of a text.
func featureNames(n *ast.ValueSpec) bool {
	return slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return strings.HasSuffix(id.Name, "FeatureNames") })
}

func longest(re *regexp.Regexp, s string) string {
	best := ""
	for _, m := range re.FindAllString(s, -1) {
		if len(m) > len(best) {
			best = m
		}
	}
	return best
}

// literal returns the value of a string literal, or "".
func literal(e *ast.BasicLit) string {
	if e.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(e.Value)
	if err != nil {
		return ""
	}
	return s
}

// TestWordLists keeps lists of English words out of Go files.
func TestWordLists(t *testing.T) {
	for _, s := range sources(t, false) {
		if strings.HasSuffix(s.dir, "test") { // support of tests
			continue
		}
		for _, n := range wordLists(s.file) {
			t.Errorf("%s: a list of more than %d words; move it to retrieval/english", s.fset.Position(n.Pos()), maxWords)
		}
	}
}

func TestWordListsFire(t *testing.T) {
	const text = "package x\nvar a = []string{%q}\nfunc f(s string) { switch s { case %q: } }\nvar b = `%s`\nvar c = `%s`\n"
	nine := strings.Fields("one two three four five six seven eight nine")
	for n, want := range map[int]int{8: 0, 9: 4} {
		quoted := `"` + strings.Join(nine[:n], `", "`) + `"`
		source := strings.NewReplacer("%q", quoted).Replace(text)
		source = strings.Replace(source, "%s", strings.Join(nine[:n], "\n"), 1)
		source = strings.Replace(source, "%s", strings.Join(nine[:n], "|"), 1)
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(wordLists(file)); got != want {
			t.Errorf("%d words: %d lists, want %d", n, got, want)
		}
	}
}
