package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/index"
)

// Options say how a store is opened.
type Options struct {
	// ReadOnly opens the catalogue that is there and never changes it; it fails
	// with fs.ErrNotExist if there is none. Without it an empty one is made.
	// An index is repaired either way, if the directory can be written.
	ReadOnly bool
	// Log takes what the operator should know, as that an index is rebuilt;
	// nil for nothing.
	Log *slog.Logger
}

// indexesIn returns where the snapshots of the word index of a store are.
func indexesIn(dir string) string { return filepath.Join(dir, "words") }

// openTries is how often a snapshot is opened. Another process may replace and
// remove it between two steps.
const openTries = 5

// lookAfter is how long a running store may not notice what another process
// stored.
const lookAfter = time.Second

// Store keeps articles in a directory: in the SQLite file catalogue.db, which
// is all that counts, and in an index of their words, which is made again
// if it is missing, damaged or behind. Vectors are read from the catalogue
// into memory.
//
// A change is in the catalogue when Put or Delete returns, and so outlives a
// crash; the indexes take it in behind, in order, and whoever searches waits
// until they have. Many processes may read a directory while one writes.
type Store struct {
	searcher
	dir       string
	log       *slog.Logger
	catalogue catalogue
	articles  cache
	damaged   damagedArticles

	writing sync.Mutex // held by Put and Delete
	lock    struct {
		sync.Mutex
		holders int
		free    func()
	}

	jobs    chan func()
	queue   sync.Mutex    // orders jobs
	last    chan struct{} // closed when all jobs so far are done; guarded by queue
	looked  time.Time     // for changes of others; guarded by queue
	stored  uint64        // sequence number that the jobs so far lead to; guarded by queue
	stopped chan struct{} // closed when the worker has ended

	// What follows belongs to the worker that runs the jobs.
	at     state // of the catalogue that the live articles and the indexes show
	fresh  int   // passages that changed since the word index was published
	owed   bool  // whether the word index has to be published at the end
	broken error // why the indexes are not what the catalogue holds; guarded by searcher.mu
}

var (
	_ retrieval.Store      = (*Store)(nil)
	_ retrieval.Locker     = (*Store)(nil)
	_ retrieval.Maintainer = (*Store)(nil)
	_ retrieval.Versioned  = (*Store)(nil)
)

// Open opens the store in dir. It returns ErrDamaged or ErrNewer for a
// catalogue that this program cannot read, which is left as it is.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c, err := openCatalogue(ctx, dir, o.ReadOnly)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, log: o.Log, catalogue: c, jobs: make(chan func(), 2), stopped: make(chan struct{}), looked: time.Now()}
	s.searcher.wait = s.caughtUp
	if err := s.load(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return s, nil
}

// load reads the live articles and leaves what takes longer to the worker.
func (s *Store) load(ctx context.Context) error {
	vectors := index.NewVectors()
	before, err := s.catalogue.state(ctx)
	if err != nil {
		return err
	}
	words, at, why := s.openSnapshot(before.name)
	live, st, err := s.catalogue.live(ctx, s.noteDamaged)
	if err == nil && at > st.sequence {
		err = words.Close()
		words, at, why = nil, 0, "it is newer than the catalogue"
	}
	if err == nil && words == nil {
		words, err = index.NewWords()
	}
	if err != nil {
		return err
	}
	s.live, s.searcher.words, s.searcher.vectors = live, words, vectors
	s.model, s.size, s.at, vectors.Model = st.model, st.size, st, st.model
	s.stored = st.sequence
	go s.work()
	s.queue.Lock()
	defer s.queue.Unlock()
	s.push(func() { s.fail(s.catchUp(context.Background(), at, why)) })
	return nil
}

// openSnapshot opens the word index on disk and returns the sequence number
// that it is at, or why there is none.
func (s *Store) openSnapshot(name string) (w *index.Words, at uint64, why string) {
	for range openTries {
		newest, reason := index.Newest(indexesIn(s.dir), name)
		if why = reason; why != "" {
			return nil, 0, why
		}
		w, err := index.OpenWords(newest)
		if err == nil {
			return w, newest.Sequence, ""
		}
		why = err.Error()
	}
	return nil, 0, why
}

// work runs the jobs, one after the other.
func (s *Store) work() {
	defer close(s.stopped)
	for job := range s.jobs {
		job()
	}
}

// push has the worker run job after those before it; done is closed then. The
// caller holds queue.
func (s *Store) push(job func()) (done chan struct{}) {
	done = make(chan struct{})
	s.last = done
	s.jobs <- func() {
		defer close(done)
		job()
	}
	return done
}

// caughtUp waits until the indexes show what is stored.
func (s *Store) caughtUp(ctx context.Context) error {
	s.queue.Lock()
	if s.isClosed() {
		s.queue.Unlock()
		return errClosed
	}
	last := s.last
	if time.Since(s.looked) > lookAfter {
		s.looked = time.Now()
		last = s.push(s.look)
	}
	s.queue.Unlock()
	select {
	case <-last:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.broken
}

// look takes in what other processes stored. Where the indexes failed before,
// it makes them again.
func (s *Store) look() {
	s.mu.RLock()
	broken := s.broken != nil
	s.mu.RUnlock()
	if broken {
		s.fail(s.remake(context.Background(), nil))
		return
	}
	s.fail(s.follow(context.Background()))
}

// fail notes that the indexes could not take in what the catalogue holds.
func (s *Store) fail(err error) {
	if err == nil {
		return
	}
	s.log.Error("index articles", "dir", s.dir, "err", err)
	s.mu.Lock()
	s.broken = err
	s.mu.Unlock()
}

// Lock implements retrieval.Locker.
func (s *Store) Lock(ctx context.Context) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.catalogue.ReadOnly() {
		return nil, fmt.Errorf("write catalogue %s: %w", s.catalogue.Path(), retrieval.ErrReadOnly)
	}
	take := func() (func(), error) { return lockToWrite(ctx, s.dir) }
	if err := s.hold(take); err != nil {
		return nil, err
	}
	if err := s.noticeOthers(ctx); err != nil {
		s.unlock()
		return nil, err
	}
	return sync.OnceFunc(s.unlock), nil
}

// hold takes the writer lock by take, or counts one more that has it.
func (s *Store) hold(take func() (func(), error)) (err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.lock.holders == 0 {
		if s.lock.free, err = take(); err != nil {
			return err
		}
	}
	s.lock.holders++
	return nil
}

// noticeOthers waits until what others stored is among the live articles.
func (s *Store) noticeOthers(ctx context.Context) error {
	n, err := s.catalogue.sequence(ctx)
	if err != nil {
		return err
	}
	s.queue.Lock()
	if s.isClosed() {
		s.queue.Unlock()
		return errClosed
	}
	if n == s.stored {
		s.queue.Unlock()
		return nil
	}
	done := s.push(s.look)
	s.stored = n
	s.queue.Unlock()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) unlock() {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.lock.holders--; s.lock.holders == 0 {
		s.lock.free()
	}
}

// Put implements retrieval.Store. All entries are one transaction.
func (s *Store) Put(ctx context.Context, entries []retrieval.Entry) error {
	unlock, err := s.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	before, err := s.catalogue.state(ctx)
	if err != nil {
		return err
	}
	list, model, size, err := prepare(entries, before.model, before.size)
	if err != nil || len(list) == 0 {
		return err
	}
	st, err := s.catalogue.put(ctx, list, model, size)
	if err != nil {
		return err
	}
	for _, p := range list {
		bare, _ := corpus.SplitID(p.info.ID)
		s.forgetDamaged(bare)
	}
	s.changed(func() error { return s.apply(list) }, st, passagesOf(list))
	return nil
}

// Delete implements retrieval.Store.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	unlock, err := s.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return nil
	}
	st, err := s.catalogue.remove(ctx, ids)
	if err != nil {
		return err
	}
	s.forgetDamaged(ids...)
	s.changed(func() error { return s.hide(ids) }, st, len(ids))
	return nil
}

// Removed implements retrieval.Store.
func (s *Store) Removed(ctx context.Context) (map[string]int, error) {
	return s.catalogue.removed(ctx)
}

// changed has the indexes take in what this process stored.
func (s *Store) changed(apply func() error, st state, passages int) {
	s.articles.clear()
	s.queue.Lock()
	defer s.queue.Unlock()
	s.stored = st.sequence
	s.push(func() {
		if s.at.sequence >= st.sequence {
			return // a look at the catalogue has brought it already
		}
		s.fail(firstOf(s.agree(st), apply(), s.verify()))
		s.at, s.owed = st, true
		s.fresh += passages
		s.spill()
	})
}

func passagesOf(list []prepared) (n int) {
	for _, p := range list {
		n += len(p.passages)
	}
	return n
}

// Article implements retrieval.Store. The body is compared with the hash that
// was stored with it.
func (s *Store) Article(ctx context.Context, id string) (*corpus.Article, error) {
	return s.article(ctx, id, false)
}

// Original implements retrieval.Store.
func (s *Store) Original(ctx context.Context, id string) (*corpus.Article, error) {
	return s.article(ctx, id, true)
}

func (s *Store) article(ctx context.Context, id string, withRaw bool) (article *corpus.Article, err error) {
	bare, n := number(id)
	err = s.read(ctx, func() error {
		stored, ok := s.articles.get(corpus.RevisionID(bare, n))
		if !ok || withRaw {
			if stored, err = s.catalogue.article(ctx, bare, n, withRaw); err != nil {
				if errors.Is(err, retrieval.ErrDamaged) {
					server := ""
					if r := s.live.newest[bare]; r != nil {
						server = r.info.Server
					}
					s.noteDamagedOf(corpus.RevisionID(bare, n), server, err)
				}
				return err
			}
			if !withRaw {
				s.articles.add(stored)
			}
		}
		a := *stored
		a.Furniture = slices.Clone(a.Furniture)
		s.live.date(&a.Info)
		article = &a
		return nil
	})
	return article, err
}

// Close waits for the indexes, publishes the word index if it changed and
// ends the store.
func (s *Store) Close() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.queue.Lock()
	if s.isClosed() {
		s.queue.Unlock()
		return nil
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	close(s.jobs)
	s.queue.Unlock()
	<-s.stopped
	s.publishAtEnd()
	return errors.Join(s.searcher.words.Close(), s.catalogue.Close())
}

func (s *searcher) isClosed() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.closed
}

// cache keeps the articles that were read last, up to about cacheBytes of
// text. It holds two generations: when the younger is full it becomes the
// elder, and the elder goes.
type cache struct {
	mu           sync.Mutex
	young, elder map[string]*corpus.Article
	bytes        int // of young
}

const cacheBytes = 64 << 20

func (c *cache) get(id string) (*corpus.Article, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := c.young[id]; ok {
		return a, true
	}
	a, ok := c.elder[id]
	if ok {
		c.put(a)
	}
	return a, ok
}

func (c *cache) add(a *corpus.Article) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(a)
}

func (c *cache) put(a *corpus.Article) {
	if c.young == nil || c.bytes > cacheBytes/2 {
		c.young, c.elder, c.bytes = map[string]*corpus.Article{}, c.young, 0
	}
	c.young[a.ID] = a
	c.bytes += len(a.Body) + 512
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.elder, c.bytes = nil, nil, 0
}
