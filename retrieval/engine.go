package retrieval

import (
	"context"
	"fmt"
	"log/slog"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/rank"
	"verbatim/retrieval/words"
)

// Engine reads articles into a store and ranks its passages. It may be used
// from many goroutines.
type Engine struct {
	store    Store
	embedder Embedder
	lexicon  query.Lexicon
	log      *slog.Logger
	stemmer  *words.Stemmer
	weights  *rank.Weights
}

// Options are what an Engine is made of. Only Store is required: without an
// Embedder it finds by words alone.
type Options struct {
	Store    Store
	Embedder Embedder
	Lexicon  query.Lexicon
	Log      *slog.Logger
	Weights  *rank.Weights // nil means those in the binary
}

// New returns an engine over a store. It returns an error if the weights
// do not fit the features.
func New(o Options) (*Engine, error) {
	e := &Engine{store: o.Store, embedder: o.Embedder, lexicon: o.Lexicon, log: o.Log, stemmer: words.NewStemmer(), weights: o.Weights}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.weights == nil {
		w, err := rank.DefaultWeights()
		if err != nil {
			return nil, err
		}
		e.weights = w
	}
	return e, nil
}

// Store returns the store that e searches.
func (e *Engine) Store() Store { return e.store }

// Stemmer returns the stemmer of e, whose cache its callers share.
func (e *Engine) Stemmer() *words.Stemmer { return e.stemmer }

// Weights returns the weights that e ranks by.
func (e *Engine) Weights() *rank.Weights { return e.weights }

// Lexicon returns the word vectors of e, or nil.
func (e *Engine) Lexicon() query.Lexicon { return e.lexicon }

// Embedder returns the embedder of e, or nil.
func (e *Engine) Embedder() Embedder { return e.embedder }

// Article returns the article with id in scope: the newest
// revision for a bare ID, the first for "ID.1". It is ErrNotFound for
// one that is not in scope.
func (e *Engine) Article(ctx context.Context, id string, scope corpus.Scope) (*corpus.Article, error) {
	bare, rev := corpus.SplitID(id)
	explicit := bare != id
	if cut, ok := cutFirst(id); ok {
		bare, rev, explicit = cut, 1, true
	}
	if !explicit {
		infos, err := e.store.Articles(ctx, Filter{IDs: []string{bare}, Scope: scope})
		if err != nil {
			return nil, err
		}
		if len(infos) == 0 {
			return nil, fmt.Errorf("article %s: %w", id, ErrNotFound)
		}
		return e.store.Article(ctx, infos[0].ID)
	}
	return e.revision(ctx, corpus.RevisionID(bare, rev), scope)
}

// Quote returns the quote at ref in scope; a bare ID in a ref
// means the first revision.
func (e *Engine) Quote(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (corpus.Quote, error) {
	id := ref.Article
	if bare, ok := cutFirst(id); ok {
		id = bare
	}
	a, err := e.revision(ctx, id, scope)
	if err != nil {
		return corpus.Quote{}, err
	}
	return corpus.NewQuote(a, ref.Span)
}

func (e *Engine) revision(ctx context.Context, id string, scope corpus.Scope) (*corpus.Article, error) {
	a, err := e.store.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	if !scope.Sees(&a.Info) {
		return nil, fmt.Errorf("article %s: %w", id, ErrNotFound)
	}
	return a, nil
}

func cutFirst(id string) (string, bool) {
	if n := len(id) - 2; n > 0 && id[n:] == ".1" {
		return id[:n], true
	}
	return id, false
}
