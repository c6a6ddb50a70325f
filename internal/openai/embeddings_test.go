package openai

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"net/http"

	"verbatim/internal/openai/openaitest"
	"verbatim/retrieval"
)

// memoryCache is a VectorCache in memory.
type memoryCache struct {
	mu sync.Mutex
	m  map[string][]float32
}

func (c *memoryCache) Get(_ context.Context, keys []string) (map[string][]float32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string][]float32{}
	for _, k := range keys {
		if v, ok := c.m[k]; ok {
			out[k] = v
		}
	}
	return out, nil
}

func (c *memoryCache) Put(_ context.Context, vectors map[string][]float32) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, v := range vectors {
		c.m[k] = v
	}
	return nil
}

func newTestEmbeddings(t *testing.T, base string, log *logged, change func(*EmbeddingOptions)) *Embeddings {
	t.Helper()
	o := EmbeddingOptions{Options: options(base, log), Batch: 4}
	if change != nil {
		change(&o)
	}
	e, err := NewEmbeddings(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func someTexts(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("text number %d of the town", i)
	}
	return out
}

func TestEmbed(t *testing.T) {
	var log logged
	s := openaitest.New()
	var last EmbeddingProgress
	e := newTestEmbeddings(t, start(t, s), &log, func(o *EmbeddingOptions) {
		o.Progress = func(p EmbeddingProgress) { last = p }
	})
	texts := append(someTexts(10), "", "  ", "text number 3 of the town")
	vectors, err := e.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range vectors {
		if strings.TrimSpace(texts[i]) == "" {
			if v != nil {
				t.Errorf("a blank text has a vector")
			}
			continue
		}
		sum := 0.0
		for _, x := range v {
			sum += float64(x) * float64(x)
		}
		if len(v) != 8 || math.Abs(sum-1) > 1e-5 {
			t.Errorf("vector %d has %d dimensions and length %f", i, len(v), sum)
		}
	}
	if fmt.Sprint(vectors[3]) != fmt.Sprint(vectors[12]) || fmt.Sprint(vectors[3]) == fmt.Sprint(vectors[4]) {
		t.Error("vectors are not in the order of their texts")
	}
	if n := len(s.Requests()); n != 3 {
		t.Errorf("%d calls for 10 different texts in batches of 4, want 3", n)
	}
	if last.Done != len(texts) || last.Total != len(texts) || last.Tokens == 0 {
		t.Errorf("the last progress is %+v", last)
	}
}

func TestEmbedConcurrencyIsBounded(t *testing.T) {
	var log logged
	var now, most atomic.Int32
	s := openaitest.New()
	all := make(chan struct{})
	s.Embed = func(w http.ResponseWriter, r openaitest.Request, quit <-chan struct{}) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if n == 3 {
			close(all) // the third at once lets all go on
		}
		select {
		case <-all:
		case <-quit:
		}
		openaitest.Vectors(4)(w, r, quit)
	}
	e := newTestEmbeddings(t, start(t, s), &log, func(o *EmbeddingOptions) { o.Concurrency = 3; o.Batch = 1 })
	if _, err := e.Embed(t.Context(), someTexts(3)); err != nil {
		t.Fatal(err)
	}
	if most.Load() != 3 {
		t.Errorf("%d calls at a time, want 3", most.Load())
	}
}

// TestEmbedResumes holds that what came before an error is not paid for again.
func TestEmbedResumes(t *testing.T) {
	var log logged
	cache := &memoryCache{m: map[string][]float32{}}
	var calls atomic.Int32
	s := openaitest.New()
	s.Embed = func(w http.ResponseWriter, r openaitest.Request, quit <-chan struct{}) {
		if calls.Add(1) == 3 {
			openaitest.WrongKey(testKey)(w, r, quit)
			return
		}
		openaitest.Vectors(8)(w, r, quit)
	}
	base := start(t, s)
	cached := func(o *EmbeddingOptions) { o.Cache = cache; o.Concurrency = 1 }
	_, err := newTestEmbeddings(t, base, &log, cached).Embed(t.Context(), someTexts(20))
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindKey || strings.Contains(err.Error()+log.String(), testKey) {
		t.Fatalf("got %v", err)
	}
	if len(cache.m) != 8 {
		t.Fatalf("%d vectors were kept, want those of two batches of 4", len(cache.m))
	}
	before := len(s.Requests())
	vectors, err := newTestEmbeddings(t, base, &log, cached).Embed(t.Context(), someTexts(20))
	if err != nil || len(vectors) != 20 || vectors[0] == nil || vectors[19] == nil {
		t.Fatalf("got %d vectors, %v", len(vectors), err)
	}
	if n := len(s.Requests()) - before; n != 3 {
		t.Errorf("%d calls for the 12 texts that were left, want 3", n)
	}
	// Another model shares nothing.
	before = len(s.Requests())
	other := newTestEmbeddings(t, base, &log, func(o *EmbeddingOptions) { cached(o); o.Model = "other" })
	if _, err := other.Embed(t.Context(), someTexts(4)); err != nil || len(s.Requests()) == before {
		t.Errorf("another model got the vectors of the first: %v", err)
	}
}

// TestEmbedBadAnswers has one server for each way to be bad.
func TestEmbedBadAnswers(t *testing.T) {
	data := func(items string) openaitest.Reply {
		return openaitest.Body(200, "application/json", `{"data":[`+items+`]}`)
	}
	for _, c := range []struct {
		name  string
		reply openaitest.Reply
		kind  Kind
	}{
		{"too few", data(`{"index":0,"embedding":[1,0]}`), KindAnswer},
		{"none", data(``), KindAnswer},
		{"too many", data(`{"index":0,"embedding":[1,0]},{"index":1,"embedding":[1,0]},{"index":2,"embedding":[1,0]}`), KindAnswer},
		{"an index twice", data(`{"index":1,"embedding":[1,0]},{"index":1,"embedding":[0,1]}`), KindAnswer},
		{"an index outside", data(`{"index":1,"embedding":[1,0]},{"index":7,"embedding":[0,1]}`), KindAnswer},
		{"two dimensions", data(`{"index":0,"embedding":[1,0]},{"index":1,"embedding":[0,1,0]}`), KindAnswer},
		{"zero", data(`{"index":0,"embedding":[1,0]},{"index":1,"embedding":[0,0]}`), KindAnswer},
		{"empty vector", data(`{"index":0,"embedding":[1,0]},{"index":1,"embedding":[]}`), KindAnswer},
		{"not a number", data(`{"index":0,"embedding":[1,0]},{"index":1,"embedding":["NaN",0]}`), KindAnswer},
		{"too large a number", data(`{"index":0,"embedding":[1,0]},{"index":1,"embedding":[1e60,0]}`), KindAnswer},
		{"page", openaitest.HTML(), KindAnswer},
		{"wrong key", openaitest.WrongKey(testKey), KindKey},
		{"no model", openaitest.NoModel("scripted"), KindModel},
		{"busy", openaitest.RateLimit(-1), KindRate},
		{"server error", openaitest.Status(500, "server_error", "error"), KindServer},
		{"hanging", openaitest.Hang(), KindTimeout},
		{"too big", openaitest.Body(200, "application/json", strings.Repeat(" ", 2<<20)), KindTooBig},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log logged
			s := openaitest.New()
			s.Embed = c.reply
			e := newTestEmbeddings(t, start(t, s), &log, func(o *EmbeddingOptions) {
				if c.kind == KindTimeout {
					o.Timeout = 200 * time.Millisecond
				}
			})
			vectors, err := e.Embed(t.Context(), someTexts(2))
			var got *Error
			if !errors.As(err, &got) || got.Kind != c.kind || vectors != nil {
				t.Errorf("got %v, %v; want %s", vectors, err, c.kind)
			}
			if strings.Contains(log.String(), testKey) || !strings.Contains(log.String(), "advice=") {
				t.Errorf("the log is %s", &log)
			}
			if d := e.Check(t.Context()); d.OK && c.name != "too few" || d.What == "" {
				t.Errorf("check: %+v", d)
			}
		})
	}
}

// TestEmbedKeepsOneDimension holds that a server that changes its model under
// the same name is noticed.
func TestEmbedKeepsOneDimension(t *testing.T) {
	var log logged
	s := openaitest.New()
	s.Embed = openaitest.Vectors(8)
	e := newTestEmbeddings(t, start(t, s), &log, nil)
	if _, err := e.Embed(t.Context(), someTexts(1)); err != nil {
		t.Fatal(err)
	}
	s.Embed = openaitest.Vectors(6)
	if _, err := e.Embed(t.Context(), someTexts(1)); err == nil || !strings.Contains(err.Error(), "6 dimensions came where 8") {
		t.Errorf("got %v", err)
	} else if !errors.Is(err, retrieval.ErrDimension) {
		t.Errorf("%v is no ErrDimension", err)
	}
	s.Embed = openaitest.Body(200, "application/json", `{"data":[{"index":0,"embedding":[0,0,0,0,0,0,0,0]}]}`)
	if _, err := e.Embed(t.Context(), someTexts(1)); !errors.Is(err, retrieval.ErrVector) {
		t.Errorf("a vector of zeros: %v is no ErrVector", err)
	}
}

// TestEmbedTooLong holds that one text that does not fit costs no other its
// vector, and gets that of its front.
func TestEmbedTooLong(t *testing.T) {
	var log logged
	s := openaitest.New()
	s.Embed = func(w http.ResponseWriter, r openaitest.Request, quit <-chan struct{}) {
		for _, text := range r.Input {
			if len(text) > 1000 {
				openaitest.TooLong()(w, r, quit)
				return
			}
		}
		openaitest.Vectors(8)(w, r, quit)
	}
	e := newTestEmbeddings(t, start(t, s), &log, nil)
	texts := append(someTexts(3), strings.Repeat("long ", 1000))
	vectors, err := e.Embed(t.Context(), texts)
	if err != nil || vectors[0] == nil || vectors[3] == nil {
		t.Errorf("got %v, %v", vectors, err)
	}
}

func TestEmbedCancelled(t *testing.T) {
	var log logged
	s := openaitest.New()
	s.Embed = openaitest.Hang()
	e := newTestEmbeddings(t, start(t, s), &log, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Embed(ctx, someTexts(2)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestEmbeddingModelName(t *testing.T) {
	var log logged
	for want, change := range map[string]func(*EmbeddingOptions){
		"scripted":          func(*EmbeddingOptions) {},
		"scripted/256":      func(o *EmbeddingOptions) { o.Dimensions = 256 },
		"scripted/passage:": func(o *EmbeddingOptions) { o.Prefix = "passage: " },
	} {
		if got := newTestEmbeddings(t, "http://127.0.0.1:1/v1", &log, change).Model(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEstimateTokens(t *testing.T) {
	for text, want := range map[string][2]int{
		"":                           {0, 0},
		"The town bought 4 buses.":   {6, 7},
		"internationalisation":       {3, 5},
		"1,037":                      {3, 3},
		"日本語のテキスト":                   {8, 8},
		strings.Repeat("word ", 100): {100, 100},
	} {
		if n := EstimateTokens(text); n < want[0] || n > want[1] {
			t.Errorf("%q: got %d, want %v", text, n, want)
		}
	}
}

func FuzzReadsAnything(f *testing.F) {
	f.Add("data: {\"choices\":[]}\n\n: x\nevent: error\ndata: {}\n", `{"error":[{"message":1}]}`)
	f.Fuzz(func(t *testing.T, stream, body string) {
		errorText([]byte(body))
		withoutThinking(body)
		EstimateTokens(body)
		e := newEvents(readCloser{strings.NewReader(stream)})
		buf := make([]byte, 64)
		for range len(stream) + 64 {
			if _, err := e.Read(buf); err != nil {
				return
			}
		}
		if len(stream) < 4096 {
			t.Errorf("a stream of %d bytes does not end", len(stream))
		}
	})
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
