package app

import (
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/load"
)

// A catalogue of the version before is read again once, with one line; bodies,
// IDs and refs stay.
func TestReadAgain(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	var notices []string
	a := &App{Config: DefaultConfig(), Places: Places{Catalogue: filepath.Join(dir, "catalogue")}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Notice: func(text string) { notices = append(notices, text) }}
	file := filepath.Join(dir, "news", "dam.txt")
	body := "Correction Appended\n\nDam stays shut\n\nBy Ada Novak\nPublished May 9, 2023\n\nThe dam at Bremen will stay shut until the autumn, the Water Board said.\n"
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := a.OpenForWriting(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Engine.Ingest(ctx, load.Paths(ctx, []string{file}, load.Options{}), retrieval.IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	// What the version before made of it.
	id := corpus.NewID("news/dam.txt")
	old, err := w.Store.Original(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	was := *old
	was.Title, was.Published, was.Basis, was.Furniture = "Correction Appended", "", corpus.BasisNone, nil
	if err := w.Store.Put(ctx, []retrieval.Entry{{Article: &was, Passages: []corpus.Span{{Start: 0, End: len(strings.TrimSpace(body))}}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(a.Places.Catalogue, "catalogue.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, "DELETE FROM meta WHERE key = 'reading'; PRAGMA user_version = 4"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	for range 2 {
		w, err := a.Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Store.Article(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title != "Dam stays shut" || got.Published != "2023-05-09" || len(got.Furniture) == 0 {
			t.Errorf("title %q, published %q, %d marks", got.Title, got.Published, len(got.Furniture))
		}
		if got.Body != body || got.ID != id || got.RawHash != old.RawHash {
			t.Errorf("the body, the ID or the hash changed: %q, %s", got.Body, got.ID)
		}
		passages, err := w.Store.Passages(ctx, id)
		if err != nil || len(passages) != 1 || !strings.HasPrefix(body[passages[0].Start:], "The dam") {
			t.Errorf("passages %v, %v", passages, err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	read := slices.DeleteFunc(notices, func(n string) bool { return !strings.Contains(n, "read again") })
	if len(read) != 1 {
		t.Errorf("notices %q, want one", notices)
	}
}
