package index

import (
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"verbatim/retrieval"
	"verbatim/retrieval/words"
)

// BM25's parameters: how fast repetition saturates, and how much a passage's
// length counts. (Robertson and ) Count() (intaragoza, The Probabilistic Relevance
// Framework: BM25 and Beyond, 2009; the values of Trotman et al., 2014.)
const (
	bm25K1 = 0.9
	bm25B  = 0.4
)

// analysers is how many passages are taken to stems at a time.
const analysers = 2

// Words is the inverted index over the stems of passages. Scores are
// summed here from bleve's postings, because bleve's own BM25 takes the
// number of distinct terms for the total length of the passages.
type Words struct {
	index   index.Index
	queue   *index.AnalysisQueue
	stemmer *words.Stemmer
	sums    sync.Pool // of *sums

	mu     sync.Mutex
	length average
}

// average is the mean length of the passages of one state of the index.
type average struct {
	reader index.IndexReader // that it was taken from; only compared
	tokens float64
}

// Passage is what the index over words takes: the ref of a passage and the text
// that it is found by.
type Passage struct {
	Ref, Text string
}

// NewWords returns an empty index in memory.
func NewWords() (*Words, error) { return startWords(map[string]any{"path": ""}) }

// OpenWords opens a snapshot. Its files are only read; changes stay in memory.
// It is an error if the index does not have as many passages as the snapshot was
// made of: scorch opens an empty index if it cannot load a file.
func OpenWords(s Snapshot) (*Words, error) {
	x, err := startWords(map[string]any{
		"path": filepath.Join(s.path, storeDir), "read_only": true, "unsafe_batch": true, "bolt_timeout": "1s",
	})
	if err != nil {
		return nil, err
	}
	if err := x.expect(s.Passages); err != nil {
		return nil, errors.Join(fmt.Errorf("open word index %s: %w", s.path, err), x.Close())
	}
	return x, nil
}

func startWords(config map[string]any) (*Words, error) {
	queue := index.NewAnalysisQueue(analysers)
	idx, err := scorch.NewScorch(scorch.Name, config, queue)
	if err == nil {
		err = idx.Open()
	}
	if err != nil {
		queue.Close()
		return nil, fmt.Errorf("open word index %s: %w", config["path"], err)
	}
	return &Words{index: idx, queue: queue, stemmer: words.NewStemmer()}, nil
}

// ErrShort is the error of an index that does not have all the passages that it
// should have. Nothing may be concluded from what it does not find.
var ErrShort = errors.New("passages are missing from the word index")

// expect returns ErrShort unless the index has that many passages.
func (x *Words) expect(passages int) error {
	n, err := x.Count()
	if err == nil && n != passages {
		err = fmt.Errorf("%w: it has %d of %d", ErrShort, n, passages)
	}
	return err
}

// Change adds passages and removes those with the given refs, in one step.
func (x *Words) Change(add []Passage, remove []string) error {
	if len(add)+len(remove) == 0 {
		return nil
	}
	batch := index.NewBatch()
	for _, ref := range remove {
		batch.Delete(ref)
	}
	for _, p := range add {
		batch.Update(newDocument(p.Ref, p.Text, x.stemmer))
	}
	if err := x.index.Batch(batch); err != nil {
		return fmt.Errorf("write word index: %w", err)
	}
	return nil
}

// Close closes the index.
func (x *Words) Close() error {
	err := x.index.Close()
	x.queue.Close()
	return err
}

// scored is a passage by its number in one state of the index.
type scored struct {
	number uint32
	score  float64
}

// lowest is a heap with the worst passage on top.
type lowest []scored

func (h lowest) Len() int           { return len(h) }
func (h lowest) Less(i, j int) bool { return h[i].score < h[j].score }
func (h lowest) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *lowest) Push(x any)        { *h = append(*h, x.(scored)) }
func (h *lowest) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// sums holds the score of every passage while a query runs.
type sums struct {
	scores []float64
}

func (s *sums) add(number uint64, score float64) {
	for uint64(len(s.scores)) <= number {
		s.scores = append(s.scores, make([]float64, number+1-uint64(len(s.scores)))...)
	}
	s.scores[number] += score
}

// best returns the n passages of the highest scores, whole groups of equal
// score only; all is true if that is every passage found.
func (s *sums) best(n int) (top []scored, all bool) {
	h := make(lowest, 0, n+1)
	all = true
	for number, score := range s.scores {
		switch {
		case score == 0 || len(h) > n && score <= h[0].score:
			all = all && score == 0
		case len(h) <= n:
			heap.Push(&h, scored{uint32(number), score})
		default:
			all = false
			h[0] = scored{uint32(number), score}
			heap.Fix(&h, 0)
		}
	}
	if all || len(h) == 0 {
		return h, true
	}
	cut := h[0].score
	for _, hit := range h {
		if hit.score > cut {
			top = append(top, hit)
		}
	}
	return top, false
}

// Search returns the k best passages of those that resolve admits.
func (x *Words) Search(ctx context.Context, terms []retrieval.Term, k int, resolve Resolve) (retrieval.WordHits, error) {
	hits := retrieval.WordHits{Frequency: map[string]int{}}
	reader, err := x.index.Reader()
	if err != nil {
		return hits, fmt.Errorf("read word index: %w", err)
	}
	defer reader.Close()
	count, err := reader.DocCount()
	if err != nil {
		return hits, fmt.Errorf("read word index: %w", err)
	}
	hits.Passages = int(count)
	length, err := x.meanLength(ctx, reader)
	if err != nil {
		return hits, err
	}
	sum, _ := x.sums.Get().(*sums)
	if sum == nil {
		sum = new(sums)
	}
	defer x.sums.Put(sum)
	clear(sum.scores)
	for _, term := range terms {
		n, err := addTerm(ctx, reader, term, count, length, sum)
		if err != nil {
			return hits, err
		}
		hits.Frequency[term.Text] = n
	}
	found, err := collect(ctx, k, sum.best, func(hit scored) (Match, bool, error) {
		ref, err := reader.ExternalID(binary.BigEndian.AppendUint64(nil, uint64(hit.number)))
		if err != nil {
			return Match{}, false, fmt.Errorf("read word index: %w", err)
		}
		m, ok := resolve(ref, hit.score)
		return m, ok, nil
	})
	if err != nil {
		return hits, err
	}
	hits.Hits = Candidates(found)
	return hits, nil
}

// addTerm adds what one term is worth to each passage that holds it and
// returns the number of those.
func addTerm(ctx context.Context, reader index.IndexReader, term retrieval.Term,
	passages uint64, length float64, sum *sums) (int, error) {
	postings, err := reader.TermFieldReader(ctx, []byte(term.Text), stemField, true, true, false)
	if err != nil {
		return 0, fmt.Errorf("read word index: %w", err)
	}
	defer postings.Close()
	n := float64(postings.Count())
	weight := math.Log(1 + (float64(passages)-n+0.5)/(n+0.5))
	if term.Boost != 0 {
		weight *= term.Boost
	}
	var doc index.TermFieldDoc
	for i := 0; ; i++ {
		if i%4096 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		next, err := postings.Next(&doc)
		if err != nil {
			return 0, fmt.Errorf("read word index: %w", err)
		}
		if next == nil {
			return int(n), nil
		}
		tf := float64(next.Freq)
		tokens := math.Round(1 / (next.Norm * next.Norm))
		sum.add(binary.BigEndian.Uint64(next.ID),
			weight*tf*(bm25K1+1)/(tf+bm25K1*(1-bm25B+bm25B*tokens/length)))
	}
}

// meanLength returns the mean number of tokens of a passage.
func (x *Words) meanLength(ctx context.Context, reader index.IndexReader) (float64, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.length.reader == reader {
		return x.length.tokens, nil
	}
	postings, err := reader.TermFieldReader(ctx, []byte(everyPassage), stemField, false, true, false)
	if err != nil {
		return 0, fmt.Errorf("read word index: %w", err)
	}
	defer postings.Close()
	total, n := 0.0, 0
	var doc index.TermFieldDoc
	for {
		next, err := postings.Next(&doc)
		if err != nil {
			return 0, fmt.Errorf("read word index: %w", err)
		}
		if next == nil {
			break
		}
		total += math.Round(1 / (next.Norm * next.Norm))
		n++
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	mean := 1.0
	if total > 0 {
		mean = total / float64(n)
	}
	x.length = average{reader, mean}
	return mean, nil
}

// Count returns the number of passages in the index.
func (x *Words) Count() (int, error) {
	reader, err := x.index.Reader()
	if err != nil {
		return 0, fmt.Errorf("read word index: %w", err)
	}
	defer reader.Close()
	n, err := reader.DocCount()
	return int(n), err
}
