package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/retrievaltest"
)

func TestSecondWriterIsTold(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	unlock, err := a.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = b.Put(t.Context(), some(1))
	if !errors.Is(err, retrieval.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("the second writer got %v, want who writes", err)
	}
	if err := a.Put(t.Context(), some(2)); err != nil {
		t.Fatal(err)
	}
	hits, err := b.Words(t.Context(), retrievaltest.Terms("dam"), 5, retrieval.Filter{})
	if err != nil || len(hits.Hits) > 2 {
		t.Errorf("a reader beside the writer got %v, %v", hits.Hits, err)
	}
	unlock()
	unlock()
	if err := b.Put(t.Context(), some(3)); err != nil {
		t.Errorf("after the first writer was done: %v", err)
	}
	expect(t, b, some(3))
}

// An ingest decides what is new by what is stored: it holds the lock from
// before it looks until it is done.
func TestIngestIsTheOnlyWriter(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	first, err := retrieval.New(retrieval.Options{Store: a})
	if err != nil {
		t.Fatal(err)
	}
	second, err := retrieval.New(retrieval.Options{Store: b})
	if err != nil {
		t.Fatal(err)
	}
	one := func(yield func(retrieval.Item, error) bool) {
		yield(retrieval.Item{Source: "a.txt", Raw: []byte("The dam of the valley broke on Monday, officials said.\n")}, nil)
	}
	during := func(yield func(retrieval.Item, error) bool) {
		if _, err := second.Ingest(t.Context(), one, retrieval.IngestOptions{}); !errors.Is(err, retrieval.ErrLocked) {
			t.Errorf("a second ingest beside the first: %v", err)
		}
		if _, err := second.Ingest(t.Context(), one, retrieval.IngestOptions{DryRun: true}); err != nil {
			t.Errorf("a dry run beside an ingest: %v", err)
		}
		one(yield)
	}
	if report, err := first.Ingest(t.Context(), during, retrieval.IngestOptions{}); err != nil || report.Added != 1 {
		t.Errorf("the first ingest: %+v, %v", report, err)
	}
	if report, err := second.Ingest(t.Context(), one, retrieval.IngestOptions{}); err != nil || report.Same != 1 {
		t.Errorf("the second ingest afterwards: %+v, %v; want that nothing is new", report, err)
	}
}

func TestUnembedded(t *testing.T) {
	s := open(t, t.TempDir())
	entries := some(3)
	entries[1].Vectors, entries[1].Model = nil, ""
	revised := retrievaltest.Revise(entries[2], 2, "The dam was mended.")
	revised.Vectors, revised.Model = nil, ""
	if err := s.Put(t.Context(), append(entries, revised)); err != nil {
		t.Fatal(err)
	}
	check := func(model string, want ...string) {
		t.Helper()
		got, err := s.VectorModel(t.Context())
		if err != nil || got != model {
			t.Errorf("model %q, %v; want %q", got, err, model)
		}
		ids, err := s.Unembedded(t.Context())
		if err != nil || !slices.Equal(ids, want) {
			t.Errorf("without vectors %v, %v; want %v", ids, err, want)
		}
	}
	check("fake", entries[1].Article.ID, revised.Article.ID)
	if err := s.ForgetVectors(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("", entries[0].Article.ID, entries[1].Article.ID, revised.Article.ID)
}

// A process that runs notices what another one stored, removed and revised.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	reader, writer := open(t, dir), open(t, dir)
	expect(t, reader, nil)
	entries := some(150)
	for _, e := range entries {
		if err := writer.Put(t.Context(), []retrieval.Entry{e}); err != nil {
			t.Fatal(err)
		}
	}
	notice(reader)
	expect(t, reader, entries)
	revised := retrievaltest.Revise(entries[2], 2, "The dam was mended.")
	if err := writer.Put(t.Context(), []retrieval.Entry{revised}); err != nil {
		t.Fatal(err)
	}
	if err := writer.Delete(t.Context(), []string{entries[149].Article.ID}); err != nil {
		t.Fatal(err)
	}
	notice(reader)
	entries[2] = revised
	expect(t, reader, entries[:149])
	// The reader becomes the writer: it builds on what it has not yet seen.
	if err := writer.Put(t.Context(), entries[149:]); err != nil {
		t.Fatal(err)
	}
	if err := reader.Put(t.Context(), []retrieval.Entry{retrievaltest.NewEntry("last", "A dam at last.")}); err != nil {
		t.Fatal(err)
	}
	expect(t, reader, append(entries, retrievaltest.NewEntry("last", "A dam at last.")))
}

// notice lets the time pass after which s looks for changes.
func notice(s *Store) {
	s.queue.Lock()
	defer s.queue.Unlock()
	s.looked = time.Time{}
}

func TestForgetVectors(t *testing.T) {
	dir := t.TempDir()
	entries := some(10)
	fill(t, dir, entries)
	s, other := open(t, dir), open(t, dir)
	vectors, _ := retrievaltest.Embedder{}.Embed(t.Context(), []string{"dam"})
	if _, err := other.Nearest(t.Context(), "fake", vectors[0], 3, retrieval.Filter{}); err != nil {
		t.Fatal(err)
	}
	if err := s.ForgetVectors(t.Context()); err != nil {
		t.Fatal(err)
	}
	near, err := s.Nearest(t.Context(), "new", []float32{1, 0}, 3, retrieval.Filter{})
	if err != nil || len(near) != 0 {
		t.Errorf("near %v, %v; want nothing", near, err)
	}
	entries[0].Model, entries[0].Vectors = "new", [][]float32{{1, 0}, {0, 1}}
	if err := s.Put(t.Context(), entries[:1]); err != nil {
		t.Fatal(err)
	}
	notice(other)
	for _, s := range []*Store{s, other} {
		near, err = s.Nearest(t.Context(), "new", []float32{1, 0}, 3, retrieval.Filter{})
		if err != nil || len(near) != 2 || near[0].Ref.Span != entries[0].Passages[0] {
			t.Errorf("near %v, %v; want the first passage first", near, err)
		}
		_, err = s.Nearest(t.Context(), "fake", vectors[0], 3, retrieval.Filter{})
		if !errors.Is(err, retrieval.ErrModel) {
			t.Errorf("the model before is answered with %v", err)
		}
	}
}

func TestRebuild(t *testing.T) {
	dir := t.TempDir()
	entries := some(130)
	fill(t, dir, entries)
	s := open(t, dir)
	var steps []int
	err := s.Rebuild(t.Context(), func(done, all int) {
		steps = append(steps, done)
		if all != 130 {
			t.Errorf("of %d articles, want 130", all)
		}
	})
	if err != nil || len(steps) == 0 || steps[len(steps)-1] != 130 {
		t.Errorf("rebuilt in steps %v, %v", steps, err)
	}
	expect(t, s, entries)
	indexes, err := os.ReadDir(indexesIn(dir))
	if err != nil || len(indexes) != 1 {
		t.Errorf("%d indexes on disk, %v; want one", len(indexes), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Rebuild(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("rebuilt with a cancelled context: %v", err)
	}
	expect(t, s, entries)
}

// Where the indexes could not take in a change, they are made anew as soon as
// that works.
func TestIndexesRecover(t *testing.T) {
	s := open(t, t.TempDir())
	entries := some(70)
	if err := s.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	expect(t, s, entries)
	lost := errors.New("the disk is gone")
	s.queue.Lock()
	s.push(func() {
		s.live.remove(entries[0].Article.ID)
		s.fail(lost)
	})
	s.queue.Unlock()
	if _, err := s.Articles(t.Context(), retrieval.Filter{}); !errors.Is(err, lost) {
		t.Errorf("a store whose indexes are wrong answers with %v", err)
	}
	notice(s)
	expect(t, s, entries)
}

// What does not fit into memory is published on the way.
func TestSpill(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	entries := some(300)
	for i := range entries {
		if err := s.Put(t.Context(), entries[i:i+1]); err != nil {
			t.Fatal(err)
		}
		if i%100 == 50 {
			expect(t, s, entries[:i+1]) // the worker rests
			s.fresh = spillFrom
		}
	}
	expect(t, s, entries)
	if s.fresh >= 200 {
		t.Errorf("%d passages in memory only", s.fresh)
	}
}

// A writer waits for a process that only publishes an index, as one that reads
// does after another was killed.
func TestWriterWaitsForPublishing(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	unlock, err := a.lockToPublish()
	if err != nil {
		t.Fatal(err)
	}
	if !isPublishing(filepath.Join(dir, lockName)) {
		t.Error("the lock does not say that its holder publishes")
	}
	given, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lockToWrite(given, dir); !errors.Is(err, retrieval.ErrLocked) {
		t.Errorf("a writer that may not wait: %v", err)
	}
	stored := make(chan error)
	go func() { stored <- b.Put(t.Context(), some(1)) }()
	unlock()
	if err := <-stored; err != nil {
		t.Errorf("after the index was published: %v", err)
	}
	expect(t, b, some(1))
}
