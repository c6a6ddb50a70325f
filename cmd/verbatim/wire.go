package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"verbatim/answer"
	"verbatim/internal/openai"
	"verbatim/internal/settings"
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
	budget *budget      // of model
	notes  []string     // what the user should know of the corpus
	closer []func() error
	// keepVectors is set where articles are being embedded: what was paid for
	// is kept until it is stored.
	keepVectors bool
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
	if err := p.openDesk(w, nil); err != nil {
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
		p.notice("There is no home directory, so nothing is kept. " + seedsNotice)
		return p.openSeeds(ctx, w)
	}
	store, err := openReading(ctx, at.catalogue, w.log)
	if errors.Is(err, fs.ErrNotExist) {
		p.notice(seedsNotice)
		return p.openSeeds(ctx, w)
	}
	if err != nil {
		return readingError(at.catalogue, err)
	}
	infos, err := store.Articles(ctx, retrieval.Filter{})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	if len(infos) == 0 {
		p.notice(seedsNotice)
		return errors.Join(store.Close(), p.openSeeds(ctx, w))
	}
	w.use(store)
	return p.openEngine(w, store)
}

// openReading opens the catalogue in dir only for reading, after it was brought
// to this program's version where an older one wrote it.
func openReading(ctx context.Context, dir string, log *slog.Logger) (*local.Store, error) {
	store, err := local.Open(ctx, dir, local.Options{ReadOnly: true, Log: log})
	if !errors.Is(err, retrieval.ErrOlder) {
		return store, err
	}
	if store, err = local.Open(ctx, dir, local.Options{Log: log}); err == nil {
		err = store.Close()
	}
	if err != nil {
		return nil, err
	}
	return local.Open(ctx, dir, local.Options{ReadOnly: true, Log: log})
}

// use makes store the one of w, to be closed with it.
func (w *workspace) use(store retrieval.Store) {
	w.store = store
	w.closer = append(w.closer, store.Close)
}

const seedsNotice = "Nothing has been ingested yet: the five articles inside the program are the corpus. 'verbatim ingest' adds your own."

// openSeeds indexes the embedded articles in memory.
func (p *program) openSeeds(ctx context.Context, w *workspace) error {
	report, err := p.inMemory(ctx, w, load.FS(ctx, seeds.Files(), "seeds", load.Options{MaxBytes: w.config.Ingest.MaxBytes}))
	if err != nil {
		return fmt.Errorf("index the embedded articles: %w", err)
	}
	if len(report.Refused) > 0 {
		return fmt.Errorf("index the embedded articles: %w", &report.Refused[0])
	}
	return nil
}

// openEngine puts an engine over store, with the configured embeddings or
// else the built-in ones.
func (p *program) openEngine(w *workspace, store retrieval.Store) error {
	builtin, err := embed.New()
	if err != nil {
		return err
	}
	var embedder retrieval.Embedder = builtin
	remote, err := p.newEmbeddings(w.config, w.log, p.vectorCache(w))
	if err != nil {
		return err
	}
	if remote != nil {
		embedder = remote
	}
	w.engine, err = retrieval.New(retrieval.Options{Store: store, Embedder: embedder, Lexicon: builtin, Log: w.log})
	return err
}

// vectorCache returns where vectors that were paid for are kept until they are
// stored, or nil where nothing is to be kept or can be.
func (p *program) vectorCache(w *workspace) openai.VectorCache {
	if at := p.places(w.config.Data); w.keepVectors && at.cache != "" {
		return vectorCache{dir: at.vectors()}
	}
	return nil
}

// openDesk puts the desk with its model over the engine. Tokens are counted
// in m, or where it is nil in the memory that lies beside the catalogue.
func (p *program) openDesk(w *workspace, m *settings.Store) error {
	chat, err := p.newChat(w.config, w.log)
	if err != nil {
		return err
	}
	if chat != nil {
		w.model = chat
		w.budget = &budget{most: w.config.Model.DailyTokens, now: p.now, log: w.log, memory: m, shared: m != nil}
		if at := p.places(w.config.Data); at.catalogue != "" {
			w.budget.path = at.memory()
		}
		w.closer = append(w.closer, w.budget.Close)
	}
	p.newDesk(w)
	return nil
}

// newDesk puts a desk over the engine and the model that w has.
func (p *program) newDesk(w *workspace) {
	o := answer.Options{
		Engine: w.engine, Model: w.model, Log: w.log, Threshold: w.config.Answer.Threshold,
		Today: func() corpus.Date { return corpus.DateOf(p.now()) },
	}
	if w.budget != nil {
		o.Budget = w.budget
	}
	w.desk = answer.New(o)
}

// readingError says what to do about a catalogue that cannot be opened for
// reading.
func readingError(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("read the catalogue in %s: %w; check the rights of the folder, or name another with --data", dir, fs.ErrPermission)
	}
	return catalogueError(dir, err)
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
