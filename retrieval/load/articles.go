package load

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"verbatim/retrieval/corpus"
)

// articlesFile is where the owner of a folder says what is known of its files.
const articlesFile = "articles.yaml"

// given is the articles.yaml of one folder.
type given struct {
	dir   string
	files map[string]entry
	err   error // why it could not be read
	told  bool
}

// entry is what is said of one file.
type entry struct {
	corpus.Given
	line int
}

// metadata returns what the articles.yaml of dir says, read once.
func (f *folder) metadata(dir string) given {
	g, known := f.given[dir]
	if known {
		return g
	}
	g = given{dir: dir}
	name := path.Join(dir, articlesFile)
	// A named pipe blocks when it is opened, so the kind of file is asked for first.
	info, err := fs.Stat(f.fsys, name)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	var file fs.File
	if err == nil {
		file, err = f.fsys.Open(name)
	}
	if err == nil && f.leaves(name) {
		err = errors.Join(errLeaves, file.Close())
	}
	if err == nil {
		var data []byte
		data, err = io.ReadAll(io.LimitReader(file, f.o.maxBytes()+1))
		file.Close()
		if int64(len(data)) > f.o.maxBytes() {
			err = errors.New(tooLarge(int64(len(data)), f.o.maxBytes()))
		}
		if err == nil {
			g.files, err = parseArticles(data)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		g.err = err
	}
	f.given[dir] = g
	return g
}

// tell reports the error of an articles.yaml once.
func (g given) tell(f *folder) bool {
	g.told = true
	f.given[g.dir] = g
	text := g.err.Error()
	if p := (*fs.PathError)(nil); errors.As(g.err, &p) {
		text = why(g.err)
	}
	return f.refuse(path.Join(g.dir, articlesFile), text)
}

// missing reports what is wrong with the articles.yaml of a folder: it cannot
// be read, or names a file that is not there.
func (g given) missing(f *folder) bool {
	if g.err != nil {
		return g.tell(f)
	}
	names := make([]string, 0, len(g.files))
	for name := range g.files {
		if _, err := fs.Stat(f.fsys, path.Join(g.dir, name)); errors.Is(err, fs.ErrNotExist) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		why := fmt.Sprintf("line %d: there is no file %s", g.files[name].line, name)
		if !f.refuse(path.Join(g.dir, articlesFile), why) {
			return false
		}
	}
	return true
}

// parseArticles reads an articles.yaml strictly: file name to what is known
// of it. Errors name the line.
func parseArticles(data []byte) (map[string]entry, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if doc.Kind == 0 || len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return nil, nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: want file names, each with what is known of the file", root.Line)
	}
	files := make(map[string]entry, len(root.Content)/2)
	for i := 0; i+1 < len(root.Content); i += 2 {
		name, value := root.Content[i], root.Content[i+1]
		if _, twice := files[name.Value]; twice {
			return nil, fmt.Errorf("line %d: %s stands here twice", name.Line, name.Value)
		}
		if name.Kind != yaml.ScalarNode || !fs.ValidPath(name.Value) {
			return nil, fmt.Errorf("line %d: %q is not a file name", name.Line, name.Value)
		}
		g, err := parseGiven(value)
		if err != nil {
			return nil, err
		}
		files[name.Value] = entry{g, name.Line}
	}
	return files, nil
}

// parseGiven reads what is known of one file.
func parseGiven(node *yaml.Node) (g corpus.Given, err error) {
	if node.Kind != yaml.MappingNode {
		if node.Tag == "!!null" {
			return g, nil
		}
		return g, fmt.Errorf("line %d: want keys and values", node.Line)
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		field := fieldOf(&g, key.Value)
		switch {
		case field == nil && key.Value != "published":
			return g, fmt.Errorf("line %d: there is no key %q; did you mean %q?", key.Line, key.Value, nearest(key.Value))
		case seen[key.Value]:
			return g, fmt.Errorf("line %d: %s stands here twice", key.Line, key.Value)
		case value.Kind != yaml.ScalarNode:
			return g, fmt.Errorf("line %d: %s must be one text", value.Line, key.Value)
		case value.Tag == "!!null":
		case field != nil:
			*field = value.Value
		default:
			if g.Published, err = published(value.Value); err != nil {
				return g, fmt.Errorf("line %d: published: %w", value.Line, err)
			}
		}
		seen[key.Value] = true
	}
	return g, nil
}

// fieldOf returns the field of g that key sets, nil for published, which is a
// date, and for no key.
func fieldOf(g *corpus.Given, key string) *string {
	switch key {
	case "title":
		return &g.Title
	case "outlet":
		return &g.Outlet
	case "agency":
		return &g.Agency
	case "url":
		return &g.URL
	case "author":
		return &g.Author
	case "language":
		return &g.Language
	}
	return nil
}

// nearest returns the key that key was most likely meant to be.
func nearest(key string) string {
	best, least := "", 1<<30
	for _, k := range []string{"title", "outlet", "agency", "url", "author", "published", "language"} {
		if d := distance(strings.ToLower(key), k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the edit distance of Levenshtein between a and b, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
