package retrieval

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/segment"
)

// everything admits the articles of all servers and collections.
var everything = Filter{Scope: corpus.Scope{All: true}}

// ingestBatch is how many articles are stored in one transaction.
const ingestBatch = 64

// IngestOptions say how an ingest runs.
type IngestOptions struct {
	DryRun bool
	// Progress, if set, is called after each batch and at the end, from one
	// goroutine.
	Progress func(Progress)
}

// Progress is how far an ingest has come.
type Progress struct {
	Articles int   // stored, same or refused
	Bytes    int64 // of raw input
}

// maxRefused is how many refusals a Report has.
const maxRefused = 200

// Report is what an ingest did.
type Report struct {
	Added, Changed, Same int
	Refused              []Refusal // the first 200
	MoreRefused          int       // sources that were refused beside those
	Notes                []string
	Found                []Found `json:"-"` // what the new and changed articles say of themselves, in the order of storing
	Bytes                int64   // of raw input
}

// Found is what an ingest found out about one article.
type Found struct {
	ID, Source, Title, Outlet string
	Published                 corpus.Date
	Basis                     corpus.Basis
	Unused                    []string // keys of its metadata that were not used
}

// AllRefused is the number of all sources that were refused.
func (r *Report) AllRefused() int { return len(r.Refused) + r.MoreRefused }

func (r *Report) refuse(why *Refusal) {
	if len(r.Refused) == maxRefused {
		r.MoreRefused++
		return
	}
	r.Refused = append(r.Refused, *why)
}

// Refusal is a source that was not taken, with the reason in plain words. It
// is the error that a loader yields for one source of many.
type Refusal struct {
	Source string
	Why    string
}

func (r *Refusal) Error() string { return r.Source + ": " + r.Why }

// job is an item on its way through an ingest.
type job struct {
	item  Item
	hash  string
	id    string
	isNew bool
}

// Ingest reads items, once, into the store: whole articles, up to 64 a
// transaction, each prepared on one of the machine's cores. A *Refusal among
// items is reported and the rest goes on; any other error ends the ingest.
// What was stored before an error or a cancelled context stays stored, and
// doing it again does the rest. It is ErrLocked if another process writes.
//
// At its end, lines that several stories of the corpus share are marked in all
// its articles, also in those stored before, and no longer in those where too
// few share them by now; a note tells of earlier articles. The marks of the
// newest revisions so follow from these alone, in whatever order they came.
func (e *Engine) Ingest(ctx context.Context, items iter.Seq2[Item, error], o IngestOptions) (Report, error) {
	in := &ingest{engine: e, options: o, seen: make(map[string]string)}
	if store, ok := e.store.(Locker); ok && !o.DryRun {
		unlock, err := store.Lock(ctx)
		if err != nil {
			return in.report, err
		}
		defer unlock()
	}
	if err := in.known(ctx); err != nil {
		return in.report, err
	}
	err := in.run(ctx, items)
	if more := in.noted - maxNotes; more > 0 {
		in.report.Notes = append(in.report.Notes, fmt.Sprintf("There are %d more such notes.", more))
	}
	if err != nil || o.DryRun {
		return in.report, err
	}
	return in.report, in.markRepeats(ctx)
}

func (in *ingest) markRepeats(ctx context.Context) error {
	changed, err := in.engine.markRepeats(ctx)
	before := 0
	for _, id := range changed {
		bare, _ := corpus.SplitID(id)
		if i, known := in.stored[bare]; known && i.ID == id {
			before++
		}
	}
	if before > 0 {
		in.report.Notes = append(in.report.Notes, fmt.Sprintf("The lines that several articles share have changed, so the page furniture of earlier articles was marked again (articles: %d).", before))
	}
	if err != nil {
		return err
	}
	stats, err := in.engine.store.Stats(ctx, everything)
	if len(stats.Unreadable) > 0 {
		in.report.Notes = append(in.report.Notes, UnreadableNote(stats.Unreadable))
	}
	return err
}

type ingest struct {
	engine   *Engine
	options  IngestOptions
	stored   map[string]corpus.Info // newest revision by bare ID
	removed  map[string]int         // highest revision taken out, by bare ID
	seen     map[string]string      // raw hash by bare ID in this run
	report   Report
	progress Progress
	noted    int // notes on single articles
}

func (in *ingest) known(ctx context.Context) error {
	in.stored = make(map[string]corpus.Info)
	infos, err := in.engine.store.Articles(ctx, everything)
	if err != nil {
		return fmt.Errorf("list stored articles: %w", err)
	}
	for _, i := range infos {
		bare, _ := corpus.SplitID(i.ID)
		in.stored[bare] = i
	}
	if in.removed, err = in.engine.store.Removed(ctx); err != nil {
		return fmt.Errorf("list removed articles: %w", err)
	}
	return nil
}

// prepared is an entry, or why there is none.
type prepared struct {
	entry   Entry
	job     job
	refused *Refusal
	notes   []string
}

func (in *ingest) run(ctx context.Context, items iter.Seq2[Item, error]) error {
	g, ctx := errgroup.WithContext(ctx)
	jobs := make(chan job, ingestBatch)
	done := make(chan prepared, ingestBatch)
	refusals := make(chan *Refusal, 1)
	g.Go(func() error {
		defer close(jobs)
		defer close(refusals)
		return in.read(ctx, items, jobs, refusals)
	})
	workers, wctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() error { return in.prepare(wctx, jobs, done) })
	}
	g.Go(func() error {
		defer close(done)
		return workers.Wait()
	})
	g.Go(func() error { return in.write(ctx, done, refusals) })
	return g.Wait()
}

func (in *ingest) read(ctx context.Context, items iter.Seq2[Item, error], jobs chan<- job, refusals chan<- *Refusal) error {
	refuse := func(r *Refusal) error {
		select {
		case refusals <- r:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for item, err := range items {
		if r := (*Refusal)(nil); errors.As(err, &r) {
			if err := refuse(r); err != nil {
				return err
			}
			continue
		} else if err != nil {
			return err
		}
		j := job{item: item, hash: RawHash(item), id: corpus.NewID(item.Source)}
		if before, twice := in.seen[j.id]; twice {
			if before == j.hash {
				continue
			}
			if err := refuse(&Refusal{item.Source, "another article of this run has the same id and a different text"}); err != nil {
				return err
			}
			continue
		}
		in.seen[j.id] = j.hash
		select {
		case jobs <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (in *ingest) prepare(ctx context.Context, jobs <-chan job, done chan<- prepared) error {
	for j := range jobs {
		p, err := in.entry(ctx, j)
		if err != nil {
			return err
		}
		select {
		case done <- p:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// entry reads one article, cuts it and gives its passages their vectors.
func (in *ingest) entry(ctx context.Context, j job) (prepared, error) {
	e, p := in.engine, prepared{job: j}
	old, known := in.stored[j.id]
	if known && old.RawHash == j.hash {
		return p, nil
	}
	a, notes, err := readNoted(j.item, nil)
	p.notes = slices.Concat(j.item.Notes, notes)
	if err != nil {
		p.refused = &Refusal{Source: j.item.Source, Why: plain(err)}
		return p, nil
	}
	p.job.isNew = !known
	a.ID, a.RawHash = j.id, j.hash
	used := in.removed[j.id]
	if known {
		_, n := corpus.SplitID(old.ID)
		used = max(used, n)
	}
	a.ID = corpus.RevisionID(j.id, used+1)
	p.entry = Entry{Article: a, Passages: segment.Passages(a.Body, a.Furniture)}
	a.Passages = len(p.entry.Passages)
	if len(p.entry.Passages) == 0 {
		p.refused = &Refusal{Source: j.item.Source, Why: "it has no text besides page furniture"}
		return p, nil
	}
	if e.embedder == nil || in.options.DryRun {
		return p, nil
	}
	texts := make([]string, len(p.entry.Passages))
	for i, s := range p.entry.Passages {
		texts[i] = IndexText(&a.Info, a.Body[s.Start:s.End])
	}
	p.entry.Vectors, err = e.embedder.Embed(ctx, texts)
	if ctx.Err() != nil {
		return p, ctx.Err()
	}
	if err != nil {
		e.log.Warn("embed passages", "article", a.Source, "err", err)
		p.entry.Vectors = nil
		return p, nil
	}
	p.entry.Model = e.embedder.Model()
	return p, nil
}

// plain returns the innermost cause of err in words for the report.
func plain(err error) string {
	if r := (*Refusal)(nil); errors.As(err, &r) {
		return r.Why
	}
	return strings.TrimSpace(err.Error())
}

func (in *ingest) write(ctx context.Context, done <-chan prepared, refusals <-chan *Refusal) error {
	var batch []prepared
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		if err := in.put(ctx, batch); err != nil {
			return err
		}
		batch = batch[:0]
		in.tell()
		return nil
	}
	for done != nil || refusals != nil {
		select {
		case r, ok := <-refusals:
			if !ok {
				refusals = nil
				continue
			}
			in.report.refuse(r)
			in.progress.Articles++
		case p, ok := <-done:
			if !ok {
				done = nil
				continue
			}
			in.progress.Articles++
			in.progress.Bytes += int64(len(p.job.item.Raw))
			switch {
			case p.refused != nil:
				in.report.refuse(p.refused)
			case p.entry.Article == nil:
				in.report.Same++
			default:
				batch = append(batch, p)
			}
			if len(batch) == ingestBatch {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	err := flush()
	in.tell()
	if n := in.report.MoreRefused; n > 0 {
		in.report.Notes = append(in.report.Notes, fmt.Sprintf("%d more sources were refused; only the first %d are listed.", n, maxRefused))
	}
	return err
}

func (in *ingest) put(ctx context.Context, batch []prepared) error {
	if !in.options.DryRun {
		entries := make([]Entry, len(batch))
		for i, p := range batch {
			entries[i] = p.entry
		}
		if err := in.engine.store.Put(ctx, entries); err != nil {
			return fmt.Errorf("store %d articles: %w", len(batch), err)
		}
	}
	for _, p := range batch {
		a := p.entry.Article
		in.report.Found = append(in.report.Found, Found{a.ID, a.Source, a.Title, a.Outlet, a.Published, a.Basis, p.job.item.Unused})
		for _, note := range p.notes {
			in.note(a.Source, note)
		}
		if p.job.isNew {
			in.report.Added++
		} else {
			in.report.Changed++
		}
	}
	return nil
}

// maxNotes is how many notes on single articles a report has.
const maxNotes = 20

// note adds a note on one article. Behind the first ones they are counted.
func (in *ingest) note(source, text string) {
	if in.noted++; in.noted <= maxNotes {
		in.report.Notes = append(in.report.Notes, source+": "+text+".")
	}
}

func (in *ingest) tell() {
	in.report.Bytes = in.progress.Bytes
	if in.options.Progress != nil {
		in.options.Progress(in.progress)
	}
}
