package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"verbatim/answer"
	"verbatim/bot"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/load"
	"verbatim/retrieval/segment"
)

// shelf is the corpus of the bot: the catalogue or, while the operator has
// ingested nothing, the embedded seeds, in either case with what servers have
// ingested for themselves. It changes over while the bot runs.
type shelf struct {
	*program
	main *workspace // over the catalogue

	mu    sync.Mutex
	seeds *workspace // nil until it is needed

	// changing is held by what changes the catalogue: an ingest stores articles
	// anew that a removal in between has taken out.
	changing sync.Mutex
}

var (
	_ bot.Desk    = (*shelf)(nil)
	_ bot.Library = (*shelf)(nil)
)

// Close closes what the shelf has made.
func (s *shelf) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seeds == nil {
		return nil
	}
	return s.seeds.Close()
}

// desk returns the desk that serves now.
func (s *shelf) desk(ctx context.Context) (*answer.Desk, error) {
	infos, err := s.main.store.Articles(ctx, retrieval.Filter{})
	if err != nil {
		return nil, err
	}
	if len(infos) > 0 {
		return s.main.desk, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seeds == nil {
		if s.seeds, err = s.openSeedsBeside(ctx); err != nil {
			return nil, err
		}
	}
	return s.seeds.desk, nil
}

// openSeedsBeside indexes the seeds in memory, and beside them all that
// servers have ingested.
func (s *shelf) openSeedsBeside(ctx context.Context) (*workspace, error) {
	w := &workspace{config: s.main.config, log: s.main.log, model: s.main.model, budget: s.main.budget}
	if err := s.openSeeds(ctx, w); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := s.copyServers(ctx, w); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	s.newDesk(w)
	return w, nil
}

// copyServers puts every revision of the servers' articles that w lacks, or
// has with other marks, into it.
func (s *shelf) copyServers(ctx context.Context, w *workspace) error {
	all, ok := s.main.store.(interface {
		AllArticles(ctx context.Context) ([]corpus.Info, error)
	})
	if !ok {
		return nil
	}
	infos, err := all.AllArticles(ctx)
	if err != nil {
		return err
	}
	for _, i := range infos {
		bare, newest := corpus.SplitID(i.ID)
		for n := 1; n <= newest && i.Server != ""; n++ {
			id := corpus.RevisionID(bare, n)
			a, err := s.main.store.Article(ctx, id)
			if err != nil {
				return err
			}
			if has, err := w.store.Article(ctx, id); err == nil && slices.Equal(has.Furniture, a.Furniture) {
				continue
			}
			if err := putCopy(ctx, w, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func putCopy(ctx context.Context, w *workspace, a *corpus.Article) error {
	e := retrieval.Entry{Article: a, Passages: segment.Passages(a.Body, a.Furniture)}
	if embedder := w.engine.Embedder(); embedder != nil {
		texts := make([]string, len(e.Passages))
		for i, span := range e.Passages {
			texts[i] = retrieval.IndexText(&a.Info, a.Body[span.Start:span.End])
		}
		vectors, err := embedder.Embed(ctx, texts)
		if err != nil {
			return err
		}
		e.Vectors, e.Model = vectors, embedder.Model()
	}
	return w.store.Put(ctx, []retrieval.Entry{e})
}

// refresh brings what servers have ingested meanwhile to the seeds.
func (s *shelf) refresh(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seeds == nil {
		return nil
	}
	return s.copyServers(ctx, s.seeds)
}

// Ingest implements bot.Library. The articles belong to server: an id or an
// address that a line names is looked for among that server's alone.
func (s *shelf) Ingest(ctx context.Context, server, name string, data []byte) (retrieval.Report, error) {
	root := "discord:" + server
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	items := load.FS(ctx, oneFile{name: name, data: data}, root, load.Options{MaxBytes: s.main.config.Ingest.MaxBytes})
	s.changing.Lock()
	defer s.changing.Unlock()
	report, err := s.main.engine.Ingest(ctx, owned(items, server, root+"/"), retrieval.IngestOptions{})
	return report, errors.Join(err, s.refresh(ctx))
}

// owned gives each item to server.
func owned(items iter.Seq2[retrieval.Item, error], server, prefix string) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		for item, err := range items {
			if err == nil {
				item.Server = server
				if !strings.HasPrefix(item.Source, prefix) {
					item.Source = prefix + item.Source
				}
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// Remove implements bot.Library.
func (s *shelf) Remove(ctx context.Context, server, id string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	a, err := s.main.engine.Article(ctx, id, corpus.Scope{Server: server})
	if err != nil {
		return err
	}
	if server == "" || a.Server != server {
		return fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound)
	}
	bare, _ := corpus.SplitID(a.ID)
	if err := s.main.store.Delete(ctx, []string{bare}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seeds == nil {
		return nil
	}
	return s.seeds.store.Delete(ctx, []string{bare})
}

// Ask implements bot.Desk.
func (s *shelf) Ask(ctx context.Context, r answer.Request) (*answer.Answer, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	if r.Mode == "" {
		r.Mode = answer.Mode(s.main.config.Answer.Mode)
	}
	return d.Ask(ctx, r)
}

// Search implements bot.Desk.
func (s *shelf) Search(ctx context.Context, r answer.SearchRequest) (*answer.SearchResult, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	return d.Search(ctx, r)
}

// Sources implements bot.Desk.
func (s *shelf) Sources(ctx context.Context, f retrieval.Filter, text string) ([]corpus.Info, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	return d.Sources(ctx, f, text)
}

// Article implements bot.Desk.
func (s *shelf) Article(ctx context.Context, id string, scope corpus.Scope) (*corpus.Article, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	return d.Article(ctx, id, scope)
}

// Quote implements bot.Desk.
func (s *shelf) Quote(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (corpus.Quote, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return corpus.Quote{}, err
	}
	return d.Quote(ctx, ref, scope)
}

// Context implements bot.Desk.
func (s *shelf) Context(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (answer.Around, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return answer.Around{}, err
	}
	return d.Context(ctx, ref, scope)
}

// Find implements bot.Desk.
func (s *shelf) Find(ctx context.Context, words string, f retrieval.Filter) (*answer.FindResult, error) {
	d, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	return d.Find(ctx, words, f)
}

// oneFile is a file system of a root folder with one file in it.
type oneFile struct {
	name string
	data []byte
}

// Open implements fs.FS.
func (f oneFile) Open(name string) (fs.File, error) {
	switch name {
	case ".":
		return &openRoot{of: f}, nil
	case f.name:
		return openFile{Reader: bytes.NewReader(f.data), of: f}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Name, Size and the rest implement fs.FileInfo and fs.DirEntry of the file.
func (f oneFile) Name() string               { return f.name }
func (f oneFile) Size() int64                { return int64(len(f.data)) }
func (f oneFile) Mode() fs.FileMode          { return 0o444 }
func (f oneFile) ModTime() time.Time         { return time.Time{} }
func (f oneFile) IsDir() bool                { return false }
func (f oneFile) Sys() any                   { return nil }
func (f oneFile) Type() fs.FileMode          { return 0 }
func (f oneFile) Info() (fs.FileInfo, error) { return f, nil }

type openFile struct {
	*bytes.Reader
	of oneFile
}

func (f openFile) Stat() (fs.FileInfo, error) { return f.of, nil }
func (openFile) Close() error                 { return nil }

type openRoot struct {
	of   oneFile
	done bool
}

func (r *openRoot) Stat() (fs.FileInfo, error) { return rootInfo{}, nil }
func (r *openRoot) Close() error               { return nil }
func (r *openRoot) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (r *openRoot) ReadDir(n int) ([]fs.DirEntry, error) {
	if r.done {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	r.done = true
	return []fs.DirEntry{r.of}, nil
}

type rootInfo struct{ oneFile }

func (rootInfo) Name() string      { return "." }
func (rootInfo) Mode() fs.FileMode { return fs.ModeDir | 0o555 }
func (rootInfo) IsDir() bool       { return true }
