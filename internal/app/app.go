// Package app builds what a command works with from the configuration: a
// store, the engine and the answerer over it, and the configured models. It
// knows where things lie on disk, which articles serve (those of --corpus, the
// catalogue, or the articles inside the program) and what an ingest, a removal
// and a rebuild consist of. It prints nothing and reads no environment: the
// command hands in keys, directories, a log and a way to tell the user
// something.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"verbatim/answer"
	"verbatim/internal/settings"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/embed"
)

// App holds what a run of the program is configured to do. It may be used from
// many goroutines as long as nobody changes its fields.
type App struct {
	Config Config
	Places Places
	Keys   Keys
	// Corpus are the files and folders of --corpus, which serve instead of the
	// catalogue.
	Corpus []string
	Log    *slog.Logger
	Now    func() time.Time
	// Notice tells the user something that is not part of the result, in one line.
	Notice func(text string)
	// Progress returns functions that show how much of total bytes (-1 if
	// unknown) is indexed, and that it is over; nil shows nothing.
	Progress func(what string, total int64) (update func(retrieval.Progress), end func())
}

// Keys are the secrets of services, "" if there is none.
type Keys struct {
	Chat, Embeddings string
}

// UsageError is an error in how the program was called or configured.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *UsageError) Unwrap() error { return e.Err }

func usagef(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// Workspace is an open corpus with all that works on it. Close it.
type Workspace struct {
	Store    retrieval.Store
	Engine   *retrieval.Engine
	Answerer *answer.Answerer // nil if the workspace was opened to be written
	Budget   *Budget          // of the model; nil without one
	Notes    []string         // what the user should know about the corpus

	app    *App
	model  answer.Model // nil: answers are quotes only
	closer []func() error
	// keepVectors is set while articles are being embedded: vectors that were
	// paid for are kept until they are stored.
	keepVectors bool
}

// Close closes everything that the workspace holds open. It may be called again.
func (w *Workspace) Close() error {
	var errs []error
	for i := len(w.closer) - 1; i >= 0; i-- {
		errs = append(errs, w.closer[i]())
	}
	w.closer = nil
	return errors.Join(errs...)
}

// use makes store the one of w, to be closed with it.
func (w *Workspace) use(store retrieval.Store) {
	w.Store = store
	w.closer = append(w.closer, store.Close)
}

// HasModel reports whether a language model is configured.
func (w *Workspace) HasModel() bool { return w.model != nil }

// Mode returns the mode that was asked for, or else the configured one. It is
// answer.ErrNoModel if that needs a model and none is configured.
func (w *Workspace) Mode(asked answer.Mode) (answer.Mode, error) {
	if asked == "" {
		asked = answer.Mode(w.app.Config.Answer.Mode)
	}
	if asked == answer.ModeModel && w.model == nil {
		return "", answer.ErrNoModel
	}
	return asked, nil
}

// Newest returns the newest date of the corpus, "" if no article is dated.
func (w *Workspace) Newest(ctx context.Context) (corpus.Date, error) {
	stats, err := w.Store.Stats(ctx, retrieval.Filter{})
	return stats.Until, err
}

// Raw returns the bytes of an article as they were received.
func (w *Workspace) Raw(ctx context.Context, a *corpus.Article) ([]byte, error) {
	if a.Raw == nil {
		var err error
		if a, err = w.Store.Original(ctx, a.ID); err != nil {
			return nil, err
		}
	}
	if a.Raw == nil {
		return nil, fmt.Errorf("the bytes of article %s as received were not kept", a.ID)
	}
	return a.Raw, nil
}

// EngineOptions are what the engine of w was made from.
func (w *Workspace) EngineOptions() retrieval.Options {
	return retrieval.Options{Store: w.Store, Embedder: w.Engine.Embedder(), Lexicon: w.Engine.Lexicon(), Log: w.app.Log}
}

// serve makes store the one of w and puts an engine over it.
func (w *Workspace) serve(store retrieval.Store) error {
	w.use(store)
	return w.openEngine()
}

// openEngine puts an engine over the store of w, with the configured embeddings
// or else the built-in ones.
func (w *Workspace) openEngine() error {
	builtin, err := embed.New()
	if err != nil {
		return err
	}
	var embedder retrieval.Embedder = builtin
	remote, err := w.app.NewEmbeddings(w.vectorCache())
	if err != nil {
		return err
	}
	if remote != nil {
		embedder = remote
	}
	w.Engine, err = retrieval.New(retrieval.Options{Store: w.Store, Embedder: embedder, Lexicon: builtin, Log: w.app.Log})
	return err
}

// UseSettings puts an answerer with the configured model over w. Its tokens are
// counted in s, which stays the caller's to close.
func (w *Workspace) UseSettings(s *settings.Store) error { return w.openAnswerer(s) }

// openAnswerer puts an answerer over the engine. Tokens are counted in s or, if
// it is nil, in the settings database beside the catalogue.
func (w *Workspace) openAnswerer(s *settings.Store) error {
	chat, err := w.app.NewChat(w.app.learnedServers())
	if err != nil {
		return err
	}
	if chat != nil {
		w.model = chat
		w.Budget = &Budget{most: w.app.Config.Model.DailyTokens, now: w.app.Now, log: w.app.Log, store: s, shared: s != nil}
		if w.app.Places.Catalogue != "" {
			w.Budget.path = w.app.Places.Settings()
		}
		w.closer = append(w.closer, w.Budget.Close)
	}
	w.Answerer = w.newAnswerer(w.Engine)
	return nil
}

// newAnswerer returns an answerer over engine with the model that w has.
func (w *Workspace) newAnswerer(engine *retrieval.Engine) *answer.Answerer {
	o := answer.Options{
		Engine: engine, Model: w.model, Mode: answer.Mode(w.app.Config.Answer.Mode), Log: w.app.Log, Threshold: w.app.Config.Answer.Threshold, Refuse: w.app.Config.Answer.Refuse,
		Today: func() corpus.Date { return corpus.DateOf(w.app.Now()) },
	}
	if w.Budget != nil {
		o.Budget = w.Budget
	}
	return answer.New(o)
}
