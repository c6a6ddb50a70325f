package openai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	goopenai "github.com/sashabaranov/go-openai"
	"golang.org/x/sync/errgroup"

	"verbatim/retrieval"
)

// VectorCache keeps vectors that were paid for, by the key that hashes a text
// and its model. It may be called from many goroutines. A cache that fails
// only costs money: its errors are logged.
type VectorCache interface {
	// Get returns those of the vectors that are kept.
	Get(ctx context.Context, keys []string) (map[string][]float32, error)
	// Put keeps vectors.
	Put(ctx context.Context, vectors map[string][]float32) error
}

// EmbeddingOptions are Options with what only embeddings have.
type EmbeddingOptions struct {
	Options
	// Dimensions asks for vectors of this length and refuses others; 0 takes
	// the length of the first one and refuses others from then on.
	Dimensions  int
	Batch       int         // texts in one call: 64
	BatchTokens int         // tokens in one call, estimated: 8,000
	Concurrency int         // calls at a time: 4
	Cache       VectorCache // nil keeps nothing
	// Prefix is put before each text, for models that want one ("passage: ").
	Prefix string
	// Progress, if set, is called after each call to the server. It may be
	// called from many goroutines, one at a time.
	Progress func(EmbeddingProgress)
}

// EmbeddingProgress is how far one Embed has come.
type EmbeddingProgress struct {
	Done, Total int // texts; Done counts those from the cache too
	Cached      int
	Tokens      int // read by the server, of this Embed
}

// Embeddings is an embedding model on a server. It implements
// retrieval.Embedder.
type Embeddings struct {
	*client
	o EmbeddingOptions

	mu  sync.Mutex
	dim int
}

var _ retrieval.Embedder = (*Embeddings)(nil)

// NewEmbeddings returns the embedder of o. It makes no call.
func NewEmbeddings(o EmbeddingOptions) (*Embeddings, error) {
	o.Options = o.Options.withDefaults(64 << 20)
	setDefault(&o.Batch, 64)
	setDefault(&o.BatchTokens, 8000)
	setDefault(&o.Concurrency, 4)
	if o.Batch < 1 || o.Concurrency < 1 || o.Dimensions < 0 {
		return nil, fmt.Errorf("batch, concurrency and dimensions of embeddings cannot be negative")
	}
	c, err := newClient(o.Options)
	if err != nil {
		return nil, err
	}
	return &Embeddings{client: c, o: o, dim: o.Dimensions}, nil
}

// Model implements retrieval.Embedder: the model's name, with the length of
// its vectors if one is asked for, and the prefix if there is one.
func (e *Embeddings) Model() string {
	name := e.o.Model
	if e.o.Dimensions > 0 {
		name += "/" + strconv.Itoa(e.o.Dimensions)
	}
	if e.o.Prefix != "" {
		name += "/" + strings.TrimSpace(e.o.Prefix)
	}
	return name
}

// Embed implements retrieval.Embedder. It sends what the cache does not have,
// in batches, some at a time, and keeps each batch as soon as it is there: what
// was paid for before an error is not paid for again. Blank texts get nil. An
// error is an *Error, or the context's.
func (e *Embeddings) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	run := &embedRun{e: e, texts: texts, out: out, at: map[string][]int{}}
	var keys []string
	for i, t := range texts {
		if strings.TrimSpace(t) == "" {
			run.progress.Done++
			continue
		}
		k := e.key(t)
		if run.at[k] == nil {
			keys = append(keys, k)
		}
		run.at[k] = append(run.at[k], i)
	}
	run.progress.Total = len(texts)
	missing := run.fromCache(ctx, keys)
	var g errgroup.Group // without a context: calls under way end and are kept
	g.SetLimit(e.o.Concurrency)
	for _, batch := range run.batches(missing) {
		g.Go(func() error {
			if run.failed() || ctx.Err() != nil {
				return nil
			}
			return run.embed(ctx, batch)
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("embed %d texts: %w", len(texts), err)
	}
	return out, nil
}

// key names a text under this model in the cache.
func (e *Embeddings) key(text string) string {
	sum := sha256.Sum256([]byte(e.Model() + "\x00" + text))
	return hex.EncodeToString(sum[:])
}

// embedRun is one call of Embed.
type embedRun struct {
	e     *Embeddings
	texts []string
	at    map[string][]int // key to the places of its text

	mu       sync.Mutex
	out      [][]float32
	progress EmbeddingProgress
	err      bool
}

func (r *embedRun) failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// fromCache places what the cache has and returns the keys that it has not.
func (r *embedRun) fromCache(ctx context.Context, keys []string) []string {
	if r.e.o.Cache == nil {
		return keys
	}
	kept, err := r.e.o.Cache.Get(ctx, keys)
	if err != nil {
		r.e.o.Log.Warn("read kept vectors", "err", err)
		return keys
	}
	var missing []string
	for _, k := range keys {
		v, ok := kept[k]
		if !ok || r.e.check(v) != nil {
			missing = append(missing, k)
			continue
		}
		for _, i := range r.at[k] {
			r.out[i] = v
		}
		r.progress.Done += len(r.at[k])
		r.progress.Cached += len(r.at[k])
	}
	return missing
}

// batches cuts keys into calls within the limits of texts and tokens.
func (r *embedRun) batches(keys []string) [][]string {
	var out [][]string
	var batch []string
	tokens := 0
	for _, k := range keys {
		n := EstimateTokens(r.text(k))
		if len(batch) > 0 && (len(batch) == r.e.o.Batch || tokens+n > r.e.o.BatchTokens) {
			out, batch, tokens = append(out, batch), nil, 0
		}
		batch, tokens = append(batch, k), tokens+n
	}
	if len(batch) > 0 {
		out = append(out, batch)
	}
	return out
}

func (r *embedRun) text(key string) string { return r.texts[r.at[key][0]] }

// embed sends one batch. A batch that is too long for the server is sent in
// halves, and a single text in its front half.
func (r *embedRun) embed(ctx context.Context, keys []string) error {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = r.e.o.Prefix + r.text(k)
	}
	vectors, tokens, err := r.e.request(ctx, texts)
	if err != nil && err.Kind == KindTooLong && len(keys) > 1 {
		if err := r.embed(ctx, keys[:len(keys)/2]); err != nil {
			return err
		}
		return r.embed(ctx, keys[len(keys)/2:])
	}
	for err != nil && err.Kind == KindTooLong && len(texts[0]) > 256 {
		r.e.o.Log.Warn("text too long for the embedding model, only its front is embedded", "bytes", len(texts[0]))
		texts[0] = strings.ToValidUTF8(texts[0][:len(texts[0])/2], "")
		vectors, tokens, err = r.e.request(ctx, texts)
	}
	if err != nil {
		r.mu.Lock()
		r.err = true
		r.mu.Unlock()
		return err
	}
	kept := map[string][]float32{}
	r.mu.Lock()
	for i, k := range keys {
		kept[k] = vectors[i]
		for _, at := range r.at[k] {
			r.out[at] = vectors[i]
			r.progress.Done++
		}
	}
	r.progress.Tokens += tokens
	if r.e.o.Progress != nil {
		r.e.o.Progress(r.progress)
	}
	r.mu.Unlock()
	if r.e.o.Cache != nil {
		// Kept even if the caller has given up: it has been paid for.
		if err := r.e.o.Cache.Put(context.WithoutCancel(ctx), kept); err != nil {
			r.e.o.Log.Warn("keep vectors", "err", err)
		}
	}
	return nil
}

// request makes one call and checks what comes back: one finite vector a
// text, all of one length, in the order of the texts.
func (e *Embeddings) request(ctx context.Context, texts []string) ([][]float32, int, *Error) {
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	var vectors [][]float32
	tokens := 0
	err := e.call(ctx, "embed", func() error {
		resp, err := e.api.CreateEmbeddings(ctx, goopenai.EmbeddingRequest{
			Input: texts, Model: goopenai.EmbeddingModel(e.o.Model), Dimensions: e.o.Dimensions,
		})
		if err != nil {
			return err
		}
		tokens = resp.Usage.PromptTokens
		vectors, err = e.ordered(resp.Data, len(texts))
		return err
	})
	if err != nil && err.Kind != KindCancelled && err.Kind != KindTooLong {
		e.o.Log.Warn("embedding call failed", "kind", string(err.Kind), "err", err.Error(), "advice", err.Advice(), "texts", len(texts))
	}
	if tokens == 0 && err == nil {
		for _, t := range texts {
			tokens += EstimateTokens(t)
		}
	}
	return vectors, tokens, err
}

// ordered returns the vectors in the order of their texts, of unit length.
func (e *Embeddings) ordered(data []goopenai.Embedding, n int) ([][]float32, error) {
	if len(data) != n {
		return nil, &callError{kind: KindAnswer, detail: fmt.Sprintf("%d vectors came for %d texts", len(data), n)}
	}
	out := make([][]float32, n)
	allZero := !slices.ContainsFunc(data, func(d goopenai.Embedding) bool { return d.Index != 0 })
	for i, d := range data {
		at := d.Index
		if allZero {
			at = i // a server that gives no index keeps the order
		}
		if at < 0 || at >= n || out[at] != nil {
			return nil, &callError{kind: KindAnswer, detail: fmt.Sprintf("vector %d has the index %d", i, d.Index)}
		}
		v, err := unit(d.Embedding)
		if err != nil {
			return nil, err
		}
		if err := e.check(v); err != nil {
			return nil, err
		}
		out[at] = v
	}
	return out, nil
}

// check refuses a vector of another length than those before.
func (e *Embeddings) check(v []float32) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case len(v) == 0:
		return &callError{kind: KindAnswer, detail: "an empty vector came", err: retrieval.ErrDimension}
	case e.dim == 0:
		e.dim = len(v)
	case e.dim != len(v):
		return &callError{kind: KindAnswer, detail: fmt.Sprintf("a vector of %d dimensions came where %d are expected", len(v), e.dim), err: retrieval.ErrDimension}
	}
	return nil
}

// unit returns v scaled to unit length, or an error if it has none.
func unit(v []float32) ([]float32, error) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	norm := math.Sqrt(sum)
	if norm == 0 || math.IsNaN(norm) || math.IsInf(norm, 0) {
		return nil, &callError{kind: KindAnswer, detail: "a vector is zero or not finite", err: retrieval.ErrVector}
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(float64(x) / norm)
	}
	return out, nil
}
