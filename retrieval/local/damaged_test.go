package local

import (
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/retrievaltest"
)

// One article that cannot be read does not stop the rest.
func TestDamagedArticle(t *testing.T) {
	for name, damage := range map[string]string{
		"info":             "UPDATE articles SET info = '{' WHERE bare = ?",
		"passages":         "UPDATE articles SET passages = x'ff' WHERE bare = ?",
		"passages too far": "UPDATE articles SET passages = x'00a01f' WHERE bare = ?",
		"body":             "UPDATE texts SET body = CAST('The dam is another one.' AS BLOB) WHERE article = (SELECT id FROM articles WHERE bare = ?)",
		"furniture":        "UPDATE articles SET furniture = 'x' WHERE bare = ?",
		"vectors":          "UPDATE vectors SET numbers = x'00' WHERE article = (SELECT id FROM articles WHERE bare = ?)",
	} {
		for _, indexed := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				dir, entries := t.TempDir(), some(5)
				fill(t, dir, entries)
				bad := entries[2].Article.ID
				db, err := sql.Open("sqlite", filepath.Join(dir, catalogueName))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := db.Exec(damage, bad); err != nil {
					t.Fatal(err)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				if !indexed {
					if err := spoilers(t)["all gone"](dir); err != nil {
						t.Fatal(err)
					}
				}
				withoutOne(t, dir, bad, name == "vectors")
			})
		}
	}
}

func withoutOne(t *testing.T, dir, bad string, readable bool) {
	s := open(t, dir)
	e := engineOver(t, s)
	res, err := e.Search(t.Context(), retrieval.Query{Text: "Which dam broke?", K: 100})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, h := range res.Hits {
		found[h.Ref.Article] = true
	}
	want := 4
	if readable && found[bad] {
		want = 5 // its text is whole, only not to be found by vector
	}
	if len(found) != want {
		t.Errorf("found %d articles, want %d", len(found), want)
	}
	if notes := strings.Join(res.Notes(), " "); !strings.Contains(notes, "verbatim remove "+bad) {
		t.Errorf("notes %q do not name %s", notes, bad)
	}
	other := retrievaltest.NewEntry("new", "The new dam broke.")
	report, err := e.Ingest(t.Context(), func(yield func(retrieval.Item, error) bool) {
		yield(retrieval.Item{Source: "new", Raw: []byte(other.Article.Body)}, nil)
	}, retrieval.IngestOptions{})
	if err != nil || report.Added != 1 || !slices.ContainsFunc(report.Notes, func(n string) bool { return strings.Contains(n, bad) }) {
		t.Errorf("ingest beside it: %+v, %v", report, err)
	}
	if _, err := e.Rederive(t.Context(), nil); err != nil {
		t.Errorf("derive again beside it: %v", err)
	}
	if _, err := e.Reembed(t.Context(), nil); err != nil {
		t.Errorf("embed beside it: %v", err)
	}
	if err := s.Rebuild(t.Context(), nil); err != nil {
		t.Errorf("rebuild beside it: %v", err)
	}
	health, err := s.Check(t.Context())
	if err != nil || !readable && !slices.ContainsFunc(health.Problems, func(p string) bool { return strings.Contains(p, "verbatim remove "+bad) }) {
		t.Errorf("problems %q, %v", health.Problems, err)
	}
	if err := s.Delete(t.Context(), []string{bad}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Article(t.Context(), bad); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("still there after it was removed: %v", err)
	}
	stats, err := s.Stats(t.Context(), retrieval.Filter{})
	if err != nil || stats.Articles != 5 || len(stats.Unreadable) != 0 {
		t.Errorf("after it was removed: %+v, %v", stats, err)
	}
	if health, err = s.Check(t.Context()); err != nil || len(health.Problems) != 0 {
		t.Errorf("problems after it was removed: %q, %v", health.Problems, err)
	}
}
