package local

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/retrievaltest"
)

// some returns n articles of a few passages that all say "dam".
func some(n int) []retrieval.Entry {
	var list []retrieval.Entry
	for i := range n {
		list = append(list, retrievaltest.NewEntry(fmt.Sprintf("article-%03d", i),
			fmt.Sprintf("The dam number %d broke.\n\nRiver %d rose by %d metres.", i, i, i%17)))
	}
	return list
}

// fill puts entries into dir and closes the store.
func fill(t testing.TB, dir string, entries []retrieval.Entry) {
	t.Helper()
	s := open(t, dir)
	for chunk := range slices.Chunk(entries, batchArticles) {
		if err := s.Put(t.Context(), chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// openLogged opens dir and returns what the operator is told.
func openLogged(t *testing.T, dir string) (*Store, *bytes.Buffer) {
	t.Helper()
	var told bytes.Buffer
	s, err := Open(t.Context(), dir, Options{ReadOnly: true, Log: slog.New(slog.NewTextHandler(&told, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, &told
}

// expect compares everything that s finds and holds with entries.
func expect(t testing.TB, s *Store, entries []retrieval.Entry) {
	t.Helper()
	ctx := context.Background()
	infos, err := s.Articles(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) != len(entries) {
		t.Errorf("%d articles, want %d", len(infos), len(entries))
	}
	passages, firsts := 0, map[corpus.Ref]string{}
	for _, e := range entries {
		a, err := s.Original(ctx, e.Article.ID)
		if err != nil {
			t.Fatal(err)
		}
		if a.Body != e.Article.Body || !bytes.Equal(a.Raw, e.Article.Raw) {
			t.Errorf("article %s has changed", a.ID)
		}
		passages += len(e.Passages)
		firsts[corpus.Ref{Article: e.Article.ID, Span: e.Passages[0]}] = e.Article.Body[:e.Passages[0].End]
	}
	hits, err := s.Words(ctx, retrievaltest.Terms("dam"), passages+10, retrieval.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(hits.Hits) != len(entries) || hits.Passages != passages || hits.Frequency["dam"] != len(entries) {
		t.Errorf("words find %d of %d passages (%d with the word), want %d of %d",
			len(hits.Hits), hits.Passages, hits.Frequency["dam"], len(entries), passages)
	}
	for _, h := range hits.Hits {
		a, err := s.Article(ctx, h.Ref.Article)
		if err != nil {
			t.Fatal(err)
		}
		q, err := corpus.NewQuote(a, h.Ref.Span)
		if err != nil || q.Text() != firsts[h.Ref] {
			t.Errorf("quote %s is %q, %v; want %q", h.Ref, q.Text(), err, firsts[h.Ref])
		}
		delete(firsts, h.Ref)
	}
	if len(firsts) > 0 {
		t.Errorf("not found by words: %v", firsts)
	}
	vectors, _ := retrievaltest.Embedder{}.Embed(ctx, []string{"dam"})
	near, err := s.Nearest(ctx, "fake", vectors[0], passages+10, retrieval.Filter{})
	if err != nil || len(near) != passages {
		t.Errorf("%d passages near, %v; want %d", len(near), err, passages)
	}
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	entries := some(100)
	fill(t, dir, entries)
	s, told := openLogged(t, dir)
	expect(t, s, entries)
	if told.Len() > 0 {
		t.Errorf("told the operator: %s", told)
	}
	if s.fresh != 0 {
		t.Errorf("%d passages were indexed again", s.fresh)
	}
	health, err := s.Check(t.Context())
	if err != nil || len(health.Problems) > 0 || health.Passages != 200 || health.Vectors != 200 || health.Revisions != 100 {
		t.Errorf("health %+v, %v", health, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, catalogueName+"*"))
	if err != nil || len(files) != 1 {
		t.Errorf("a closed store leaves %v, %v; want the catalogue alone", files, err)
	}
}

func TestLaterChangesSurviveReopening(t *testing.T) {
	dir := t.TempDir()
	entries := some(20)
	fill(t, dir, entries)
	s := open(t, dir)
	revised := retrievaltest.Revise(entries[3], 2, "The dam was mended.\n\nNo river.")
	if err := s.Put(t.Context(), []retrieval.Entry{revised}); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), []string{entries[7].Article.ID}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	entries[3] = revised
	entries = slices.Delete(entries, 7, 8)
	s, told := openLogged(t, dir)
	expect(t, s, entries)
	if told.Len() > 0 {
		t.Errorf("told the operator: %s", told)
	}
}

// The word index lies before the changes where the process that made them
// was killed.
func TestIndexBehind(t *testing.T) {
	dir := t.TempDir()
	entries := some(30)
	fill(t, dir, entries)
	old := filepath.Join(t.TempDir(), "old")
	if err := os.CopyFS(old, os.DirFS(indexesIn(dir))); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	revised := retrievaltest.Revise(entries[3], 2, "The dam was mended.\n\nNo river.")
	cut := retrievaltest.NewEntry(entries[4].Article.Source, entries[4].Article.Body)
	cut.Passages, cut.Vectors = cut.Passages[:1], cut.Vectors[:1]
	again := entries[5]
	added := retrievaltest.NewEntry("later", "A dam came later.")
	if err := s.Put(t.Context(), []retrieval.Entry{revised, cut, added}); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), []string{entries[5].Article.ID, entries[6].Article.ID}); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), []retrieval.Entry{again}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.RemoveAll(indexesIn(dir)), os.CopyFS(indexesIn(dir), os.DirFS(old))); err != nil {
		t.Fatal(err)
	}
	entries[3], entries[4] = revised, cut
	entries = append(slices.Delete(entries, 6, 7), added)
	s, told := openLogged(t, dir)
	expect(t, s, entries)
	if told.Len() > 0 || s.fresh > 20 {
		t.Errorf("indexed %d passages instead of what changed; told: %s", s.fresh, told)
	}
}

// spoilers are the ways in which a word index is lost.
func spoilers(t *testing.T) map[string]func(dir string) error {
	each := func(dir, pattern string, f func(path string) error) error {
		paths, err := filepath.Glob(filepath.Join(indexesIn(dir), "*", pattern))
		if err == nil && len(paths) == 0 {
			err = fmt.Errorf("nothing matches %s", pattern)
		}
		for _, path := range paths {
			err = errors.Join(err, f(path))
		}
		return err
	}
	rubbish := func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte("rubbish "), 999), 0o600) }
	half := func(path string) error {
		info, err := os.Stat(path)
		return errors.Join(err, os.Truncate(path, info.Size()/2))
	}
	flip := func(path string) error {
		data, err := os.ReadFile(path)
		data[len(data)/2] ^= 1
		return errors.Join(err, os.WriteFile(path, data, 0o600))
	}
	return map[string]func(dir string) error{
		"all gone":          func(dir string) error { return os.RemoveAll(indexesIn(dir)) },
		"manifest gone":     func(dir string) error { return each(dir, "manifest.json", os.Remove) },
		"manifest rubbish":  func(dir string) error { return each(dir, "manifest.json", rubbish) },
		"segment gone":      func(dir string) error { return each(dir, "store/*.zap", os.Remove) },
		"segment rubbish":   func(dir string) error { return each(dir, "store/*.zap", rubbish) },
		"segment truncated": func(dir string) error { return each(dir, "store/*.zap", half) },
		"segment flipped":   func(dir string) error { return each(dir, "store/*.zap", flip) },
		"root rubbish":      func(dir string) error { return each(dir, "store/root.bolt", rubbish) },
		"root truncated":    func(dir string) error { return each(dir, "store/root.bolt", half) },
		"not a directory": func(dir string) error {
			return errors.Join(os.RemoveAll(indexesIn(dir)), rubbish(indexesIn(dir)))
		},
		"of other stems": func(dir string) error {
			return each(dir, "manifest.json", func(path string) error {
				return edit(path, `"words": "`, `"words": "other `)
			})
		},
		"with a wrong count": func(dir string) error {
			return each(dir, "manifest.json", func(path string) error {
				return edit(path, `"passages": `, `"passages": 1`)
			})
		},
		"without a segment": func(dir string) error {
			return each(dir, "store/*.zap", func(path string) error {
				return errors.Join(os.Remove(path), edit(filepath.Join(path, "../../manifest.json"), `"`+filepath.Base(path)+`": {`, `"root.bolt": {`))
			})
		},
		"of another catalogue": func(dir string) error {
			other := t.TempDir()
			fill(t, other, some(3))
			return errors.Join(os.RemoveAll(indexesIn(dir)),
				os.CopyFS(indexesIn(dir), os.DirFS(indexesIn(other))))
		},
	}
}

func TestIndexMended(t *testing.T) {
	kept := t.TempDir()
	entries := some(40)
	fill(t, kept, entries)
	for name, spoil := range spoilers(t) {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := errors.Join(os.CopyFS(dir, os.DirFS(kept)), spoil(dir)); err != nil {
				t.Fatal(err)
			}
			s, told := openLogged(t, dir)
			expect(t, s, entries)
			if !strings.Contains(told.String(), "rebuilding the word index") {
				t.Errorf("told the operator %q, want that the index is rebuilt", told)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if name == "not a directory" {
				return // another's file is left alone
			}
			s, told = openLogged(t, dir)
			expect(t, s, entries)
			if told.Len() > 0 {
				t.Errorf("the second time, told the operator %q", told)
			}
		})
	}
}

func TestCatalogueRefused(t *testing.T) {
	kept := t.TempDir()
	fill(t, kept, some(200))
	whole, err := os.ReadFile(filepath.Join(kept, catalogueName))
	if err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(t.TempDir(), "newer")
	makeVersion(t, newer, schema.Version(), fmt.Sprintf("PRAGMA user_version = %d", schema.Version()+1))
	future, err := os.ReadFile(filepath.Join(newer, catalogueName))
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(t.TempDir(), "foreign")
	makeVersion(t, foreign, schema.Version(), "PRAGMA application_id = 7")
	other, err := os.ReadFile(filepath.Join(foreign, catalogueName))
	if err != nil {
		t.Fatal(err)
	}
	middle := bytes.Clone(whole)
	copy(middle[4096:], bytes.Repeat([]byte{0xa5}, 3*4096))
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"empty", nil, retrieval.ErrDamaged},
		{"rubbish", bytes.Repeat([]byte("rubbish "), 4096), retrieval.ErrDamaged},
		{"short", whole[:50], retrieval.ErrDamaged},
		{"without its end", whole[:len(whole)/2], retrieval.ErrDamaged},
		{"overwritten", middle, retrieval.ErrDamaged},
		{"newer", future, retrieval.ErrNewer},
		{"of another program", other, retrieval.ErrDamaged},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, catalogueName)
			if err := os.WriteFile(path, test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{ReadOnly: true}, {}} {
				s, err := Open(t.Context(), dir, o)
				if !errors.Is(err, test.want) {
					t.Errorf("opened with %v, want %v", err, test.want)
				}
				if err == nil {
					s.Close()
				} else if !strings.Contains(err.Error(), path) {
					t.Errorf("the error %q does not name the file", err)
				}
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, test.data) {
				t.Error("the damaged file was changed")
			}
		})
	}
}

// A body that changed under SQLite's feet is never quoted.
func TestBodyDamaged(t *testing.T) {
	dir := t.TempDir()
	entries := some(3)
	fill(t, dir, entries)
	path := filepath.Join(dir, catalogueName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.ReplaceAll(data, []byte("dam number 1 broke"), []byte("dam number 1 stood"))
	if bytes.Equal(changed, data) {
		t.Fatal("the body is not in the file")
	}
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	_, err = s.Article(t.Context(), entries[1].Article.ID)
	if !errors.Is(err, retrieval.ErrDamaged) {
		t.Errorf("read a changed body with %v", err)
	}
	health, err := s.Check(t.Context())
	if err != nil || len(health.Problems) != 1 || !strings.Contains(health.Problems[0], entries[1].Article.ID) {
		t.Errorf("problems %q, %v", health.Problems, err)
	}
}

// makeVersion makes a catalogue of a schema version, then runs script on it.
func makeVersion(t *testing.T, dir string, version int, script string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, catalogueName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	stamp := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", schema.ApplicationID, version)
	for _, statements := range append(slices.Clone(schema.Migrations[:version]), stamp, script) {
		if _, err := db.ExecContext(t.Context(), statements); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMigration(t *testing.T) {
	for name, version := range map[string]string{
		"version 1": "testdata/version1.sql",
		"version 2": "testdata/version2.sql",
	} {
		t.Run(name, func(t *testing.T) {
			script, err := os.ReadFile(version)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			makeVersion(t, dir, 0, string(script))
			if _, err := Open(t.Context(), dir, Options{ReadOnly: true}); !errors.Is(err, retrieval.ErrOlder) {
				t.Errorf("an old catalogue opened only for reading: %v", err)
			}
			s := open(t, dir)
			a, err := s.Original(t.Context(), "aaaaaaaaaa.2")
			if err != nil || a.Body != "The dam held.\n\nThe river fell." || string(a.Raw) != a.Body || a.Source != "old.txt" {
				t.Errorf("article %+v, %v", a, err)
			}
			hits, err := s.Words(t.Context(), retrievaltest.Terms("dam"), 5, retrieval.Filter{})
			if err != nil || len(hits.Hits) != 1 || hits.Hits[0].Ref.String() != "aaaaaaaaaa.2:0-13" {
				t.Errorf("found %v, %v", hits.Hits, err)
			}
			near, err := s.Nearest(t.Context(), "old-model", []float32{1, 0}, 1, retrieval.Filter{})
			if err != nil || len(near) != 1 || near[0].Ref.String() != "aaaaaaaaaa.2:0-13" {
				t.Errorf("near %v, %v", near, err)
			}
			if err := s.Delete(t.Context(), []string{"aaaaaaaaaa"}); err != nil {
				t.Error(err)
			}
			removed, err := s.Removed(t.Context())
			if err != nil || removed["aaaaaaaaaa"] != 2 || name == "version 2" && removed["bbbbbbbbbb"] != 4 {
				t.Errorf("removed %v, %v", removed, err)
			}
			health, err := s.Check(t.Context())
			if err != nil || len(health.Problems) > 0 {
				t.Errorf("health %+v, %v", health, err)
			}
		})
	}
}

func TestReadOnlyWithoutCatalogue(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := Open(t.Context(), dir, Options{ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened with %v, want that nothing is there", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was written")
	}
}

// edit replaces the first occurrence of old in a file.
func edit(path, old, new string) error {
	data, err := os.ReadFile(path)
	if err == nil && !bytes.Contains(data, []byte(old)) {
		err = fmt.Errorf("%s does not contain %s", path, old)
	}
	return errors.Join(err, os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(new), 1), 0o600))
}
