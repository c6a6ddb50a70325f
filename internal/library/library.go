// Package library decides what a question may see: the operator's catalogue or,
// while that is empty, the articles inside the program, and in either case what
// the asking server has ingested for itself. It also takes in and takes out the
// articles of one server. The bot and the web reader answer from it.
package library

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"verbatim/answer"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/load"
	"verbatim/retrieval/segment"
)

// Set is a corpus with what works on it.
type Set struct {
	Store    retrieval.Store
	Engine   *retrieval.Engine
	Answerer *answer.Answerer // nil until the set is complete
}

// Options are what a library is made of.
type Options struct {
	Catalogue Set
	// OpenSeeds indexes the articles inside the program. The set has no answerer
	// yet: NewAnswerer is called when the servers' articles are in it too.
	OpenSeeds   func(ctx context.Context) (Set, error)
	NewAnswerer func(engine *retrieval.Engine) *answer.Answerer
	MaxBytes    int64 // of an uploaded file and of one of its JSON lines
	MaxUnpacked int64 // of what is in a compressed upload
}

// Library answers from the articles that serve now, which change over while it
// is used: with the operator's first ingest, and with what servers take in and
// out. It may be used from many goroutines. Close it; the catalogue stays the
// caller's.
type Library struct {
	Options

	mu    sync.Mutex
	seeds *Set // nil until it is needed

	// changing is held while the catalogue is changed: an ingest stores articles
	// again that a removal in between has taken out.
	changing sync.Mutex
}

// New returns a library.
func New(o Options) *Library { return &Library{Options: o} }

// Close closes what the library has opened itself.
func (l *Library) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seeds == nil {
		return nil
	}
	return l.seeds.Store.Close()
}

// Answerer returns the answerer over the articles that serve now.
func (l *Library) Answerer(ctx context.Context) (*answer.Answerer, error) {
	own, err := l.Catalogue.Store.Stats(ctx, retrieval.Filter{})
	if err != nil {
		return nil, err
	}
	if own.Articles > 0 {
		return l.Catalogue.Answerer, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seeds == nil {
		if l.seeds, err = l.openSeedsBeside(ctx); err != nil {
			return nil, err
		}
	}
	return l.seeds.Answerer, nil
}

// openSeedsBeside indexes the articles inside the program, and beside them all
// that servers have ingested.
func (l *Library) openSeedsBeside(ctx context.Context) (*Set, error) {
	set, err := l.OpenSeeds(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.copyServers(ctx, &set); err != nil {
		return nil, errors.Join(err, set.Store.Close())
	}
	set.Answerer = l.NewAnswerer(set.Engine)
	return &set, nil
}

// copyServers puts every revision of the servers' articles that w lacks, or
// has with other marks, into it.
func (l *Library) copyServers(ctx context.Context, w *Set) error {
	infos, err := l.Catalogue.Store.Articles(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		return err
	}
	for _, i := range infos {
		bare, newest := corpus.SplitID(i.ID)
		for n := 1; n <= newest && i.Server != ""; n++ {
			id := corpus.RevisionID(bare, n)
			a, err := l.Catalogue.Store.Article(ctx, id)
			if err != nil {
				return err
			}
			if has, err := w.Store.Article(ctx, id); err == nil && slices.Equal(has.Furniture, a.Furniture) {
				continue
			}
			if err := putCopy(ctx, w, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func putCopy(ctx context.Context, w *Set, a *corpus.Article) error {
	e := retrieval.Entry{Article: a, Passages: segment.Passages(a.Body, a.Furniture)}
	if embedder := w.Engine.Embedder(); embedder != nil {
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
	return w.Store.Put(ctx, []retrieval.Entry{e})
}

// refresh brings what servers have ingested meanwhile to the seeds.
func (l *Library) refresh(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seeds == nil {
		return nil
	}
	return l.copyServers(ctx, l.seeds)
}

// Ingest implements the bot's library. The articles belong to server: an id or an
// address that a line names is looked for among that server's alone.
func (l *Library) Ingest(ctx context.Context, server, name string, data []byte) (retrieval.Report, error) {
	root := "discord:" + server
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	// What is in the file is read first: the catalogue can be written by others
	// meanwhile.
	items := readAll(load.Reader(ctx, root, name, bytes.NewReader(data), load.Options{
		MaxBytes: l.MaxBytes, MaxUnpacked: l.MaxUnpacked, MaxLines: maxUploadLines,
	}))
	if err := ctx.Err(); err != nil {
		return retrieval.Report{}, err
	}
	l.changing.Lock()
	defer l.changing.Unlock()
	report, err := l.Catalogue.Engine.Ingest(ctx, owned(items, server, root+"/"), retrieval.IngestOptions{})
	return report, errors.Join(err, l.refresh(ctx))
}

// maxUploadLines is the number of lines of JSON Lines that are read of an upload.
const maxUploadLines = 20_000

// readAll reads all items and returns them again.
func readAll(items iter.Seq2[retrieval.Item, error]) iter.Seq2[retrieval.Item, error] {
	type read struct {
		item retrieval.Item
		err  error
	}
	var list []read
	for item, err := range items {
		list = append(list, read{item, err})
	}
	return func(yield func(retrieval.Item, error) bool) {
		for _, r := range list {
			if !yield(r.item, r.err) {
				return
			}
		}
	}
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

// Remove implements the bot's library.
func (l *Library) Remove(ctx context.Context, server, id string) error {
	l.changing.Lock()
	defer l.changing.Unlock()
	a, err := l.Catalogue.Engine.Article(ctx, id, corpus.Scope{Server: server})
	if err != nil {
		return err
	}
	if server == "" || a.Server != server {
		return fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound)
	}
	bare, _ := corpus.SplitID(a.ID)
	if err := l.Catalogue.Store.Delete(ctx, []string{bare}); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seeds == nil {
		return nil
	}
	return l.seeds.Store.Delete(ctx, []string{bare})
}
