package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"verbatim/answer"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/embed"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
	"verbatim/seeds"
)

// workspace is what a command works on: a corpus with the desk over it.
type workspace struct {
	config config
	log    *slog.Logger
	store  retrieval.Store
	engine *retrieval.Engine
	desk   *answer.Desk
	model  answer.Model // nil: extractive
	notes  []string     // what the user should know of the corpus
	seeds  bool         // the embedded seeds are the corpus
	closer []func() error
}

// Close closes what the workspace holds open.
func (w *workspace) Close() error {
	var errs []error
	for i := len(w.closer) - 1; i >= 0; i-- {
		errs = append(errs, w.closer[i]())
	}
	w.closer = nil
	return errors.Join(errs...)
}

// mode returns the mode that a flag or else the config asks for.
func (w *workspace) mode(flag string) (answer.Mode, error) {
	mode := answer.Mode(flag)
	if mode == "" {
		mode = answer.Mode(w.config.Answer.Mode)
	}
	if mode == answer.ModeModel && w.model == nil {
		return "", deskError(answer.ErrNoModel)
	}
	return mode, nil
}

// raw returns the bytes of an article as they were received.
func (w *workspace) raw(ctx context.Context, a *corpus.Article) ([]byte, error) {
	if s, ok := w.store.(interface {
		Original(ctx context.Context, id string) (*corpus.Article, error)
	}); ok && a.Raw == nil {
		var err error
		if a, err = s.Original(ctx, a.ID); err != nil {
			return nil, err
		}
	}
	if a.Raw == nil {
		return nil, fmt.Errorf("the bytes of article %s as received were not kept", a.ID)
	}
	return a.Raw, nil
}

// open opens the corpus for reading: that of --corpus, else the catalogue,
// else, while that holds no article of the operator, the embedded seeds.
func (p *program) open(ctx context.Context) (*workspace, error) {
	c, err := p.settings()
	if err != nil {
		return nil, err
	}
	w := &workspace{config: c, log: p.logger(c)}
	if err := p.openStore(ctx, w); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := p.openDesk(w); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (p *program) openStore(ctx context.Context, w *workspace) error {
	at := p.places(w.config.Data)
	if len(p.flags.corpus) > 0 {
		return p.openCorpus(ctx, w, at)
	}
	if at.catalogue == "" {
		w.note(p, "There is no home directory: nothing is kept.")
		return p.openSeeds(ctx, w)
	}
	store, err := local.Open(ctx, at.catalogue, local.Options{ReadOnly: true, Log: w.log})
	if errors.Is(err, fs.ErrNotExist) {
		return p.openSeeds(ctx, w)
	}
	if err != nil {
		return catalogueError(at.catalogue, err)
	}
	infos, err := store.Articles(ctx, retrieval.Filter{})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	if len(infos) == 0 {
		return errors.Join(store.Close(), p.openSeeds(ctx, w))
	}
	w.use(store)
	return w.openEngine(store)
}

// use makes store the one of w, to be closed with it.
func (w *workspace) use(store retrieval.Store) {
	w.store = store
	w.closer = append(w.closer, store.Close)
}

// note tells the user of something on standard error.
func (w *workspace) note(p *program, text string) {
	p.notice("%s", text)
}

// openSeeds indexes the embedded articles in memory.
func (p *program) openSeeds(ctx context.Context, w *workspace) error {
	w.seeds = true
	p.notice("Nothing has been ingested yet: the five articles inside the program are the corpus. 'verbatim ingest' adds your own.")
	report, err := w.inMemory(ctx, load.FS(ctx, seeds.Files(), "seeds", load.Options{MaxBytes: w.config.Ingest.MaxBytes}))
	if err != nil {
		return fmt.Errorf("index the embedded articles: %w", err)
	}
	for _, r := range report.Refused {
		return fmt.Errorf("index the embedded articles: %w", &r)
	}
	return nil
}

// openEngine puts an engine over store.
func (w *workspace) openEngine(store retrieval.Store) error {
	builtin, err := embed.New()
	if err != nil {
		return err
	}
	w.engine, err = retrieval.New(retrieval.Options{Store: store, Embedder: builtin, Lexicon: builtin, Log: w.log})
	return err
}

// openDesk puts the desk over the engine.
func (p *program) openDesk(w *workspace) error {
	w.desk = answer.New(answer.Options{
		Engine: w.engine, Model: w.model, Log: w.log, Threshold: w.config.Answer.Threshold,
		Today: func() corpus.Date { return corpus.DateOf(p.now()) },
	})
	return nil
}

// catalogueError says what to do about a catalogue that cannot be opened.
func catalogueError(dir string, err error) error {
	switch {
	case errors.Is(err, retrieval.ErrDamaged):
		return fmt.Errorf("open the catalogue in %s: %w; it was left as it is: restore it from a backup, or move the folder away and ingest again", dir, err)
	case errors.Is(err, retrieval.ErrNewer):
		return fmt.Errorf("open the catalogue in %s: %w; use that version", dir, err)
	case errors.Is(err, retrieval.ErrLocked):
		return fmt.Errorf("write the catalogue in %s: %w; wait until it has finished", dir, err)
	case errors.Is(err, retrieval.ErrReadOnly):
		return fmt.Errorf("write the catalogue in %s: %w; check the rights of the folder, or name another with --data", dir, err)
	case errors.Is(err, retrieval.ErrFull):
		return fmt.Errorf("write the catalogue in %s: %w; make room and run the command again, what was reported as stored is kept", dir, err)
	}
	return fmt.Errorf("open the catalogue in %s: %w", dir, err)
}
