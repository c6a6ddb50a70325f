package reader

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verbatim/answer/rank/align"
)

// checked is a question with pairs and the scores that torch computes for them.
type checked struct {
	question Question
	pairs    []Pair
	scores   []float32
}

// readChecked reads what train.py export wrote: the arrays of real pairs, with random words in place of
// theirs.
func readChecked(t testing.TB) []checked {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "logits.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	r := arrays{bytes.NewReader(data), t}
	var out []checked
	for r.Len() > 0 {
		n, lengths := int(r.u32()), make([]int, r.u32())
		for i := range lengths {
			lengths[i] = int(r.u32())
		}
		c := checked{question: Question{Ranks: r.ranks(n), Features: r.bytes(n * QuestionFeatures)}}
		for _, m := range lengths {
			c.pairs = append(c.pairs, Pair{
				Ranks: r.ranks(m), Features: r.bytes(m * SentenceFeatures), Matches: r.bytes(n * MatchFeatures),
				Related: r.bytes(n * m), Cosine: r.bytes(n * m), Overall: r.bytes(OverallFeatures),
			})
		}
		for range lengths {
			c.scores = append(c.scores, math.Float32frombits(r.u32()))
		}
		out = append(out, c)
	}
	return out
}

type arrays struct {
	*bytes.Reader
	t testing.TB
}

func (r arrays) read(into any) {
	if err := binary.Read(r.Reader, binary.LittleEndian, into); err != nil {
		r.t.Fatal(err)
	}
}

func (r arrays) u32() (n uint32) { r.read(&n); return n }

func (r arrays) ranks(n int) []int32 {
	out := make([]int32, n)
	r.read(out)
	return out
}

func (r arrays) bytes(n int) []float32 {
	b := make([]byte, n)
	r.read(b)
	out := make([]float32, n)
	for i, x := range b {
		out[i] = float32(x) / 255
	}
	return out
}

func builtIn(t testing.TB) *Reader {
	t.Helper()
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestScoresEqualTorch compares the forward pass with torch's on 200 pairs.
func TestScoresEqualTorch(t *testing.T) {
	r := builtIn(t)
	n, worst := 0, 0.
	for _, c := range readChecked(t) {
		for i, got := range r.score(c.question, c.pairs) {
			n++
			worst = max(worst, math.Abs(float64(got-c.scores[i])))
		}
	}
	if n != 200 || !(worst <= 1e-4) {
		t.Errorf("the scores of %d pairs differ from torch's by up to %g", n, worst)
	}
}

// TestScoresAreIndependent scores a candidate alone, among others and many times.
func TestScoresAreIndependent(t *testing.T) {
	a, err := align.Default()
	if err != nil {
		t.Fatal(err)
	}
	candidates := []align.Candidate{
		{Sentence: "Regulators blocked the merger on Tuesday.", Title: "A merger ends"},
		{Sentence: "It was raining.", Previous: "Regulators blocked the merger on Tuesday."},
		{Sentence: strings.Repeat("Passengers complained again and again. ", 40)},
		{},
	}
	g := a.Group("Who stopped the merger?", candidates)
	r := builtIn(t)
	all := r.Scores(g, []int{0, 1, 2, 3})
	for i, want := range all {
		if got := r.Scores(g, []int{i}); got[0] != want || math.IsNaN(float64(want)) {
			t.Errorf("candidate %d scores %g alone and %g among others", i, got[0], want)
		}
	}
	for _, question := range []string{"", "?", strings.Repeat("why not now ", 50), "zzyzx qwrty"} {
		for i, x := range r.Scores(a.Group(question, candidates), []int{3, 2, 1, 0}) {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				t.Errorf("question %.20q, candidate %d: score %g", question, 3-i, x)
			}
		}
	}
	if got := r.Scores(g, nil); len(got) != 0 {
		t.Errorf("no candidates have %d scores", len(got))
	}
}

// TestInputsAreShares checks that every input is from 0 to 1, as the arrays that are trained on have room for.
func TestInputsAreShares(t *testing.T) {
	a, err := align.Default()
	if err != nil {
		t.Fatal(err)
	}
	q, pairs := Inputs(a.Group("When did JetBlue (New York) buy 3% of Spirit, and who didn't?", []align.Candidate{
		{Sentence: "“JetBlue bought $5 million of it,” she didn't say in New York.", Previous: "Spirit!", Next: "And so on?", Title: "Spirit"}, {},
	}))
	lists := [][]float32{q.Features}
	for _, p := range pairs {
		lists = append(lists, p.Features, p.Matches, p.Related, p.Cosine, p.Overall)
	}
	for i, list := range lists {
		for k, x := range list {
			if !(x >= 0 && x <= 1) {
				t.Errorf("list %d, input %d is %g", i, k, x)
			}
		}
	}
	if len(pairs[0].Overall) != OverallFeatures || len(q.Features) != QuestionFeatures*len(q.Ranks) ||
		len(pairs[0].Matches) != MatchFeatures*len(q.Ranks) || len(pairs[0].Features) != SentenceFeatures*len(pairs[0].Ranks) {
		t.Error("the inputs have other sizes than they should")
	}
}

func TestExp(t *testing.T) {
	for x := float32(-90); x < 20; x += .37 {
		want := math.Exp(float64(x))
		if got := float64(exp(x)); math.Abs(got-want) > 2e-7*want+1e-34 {
			t.Errorf("exp(%g) = %g, want %g", x, got, want)
		}
		if got, want := float64(tanh(x)), math.Tanh(float64(x)); math.Abs(got-want) > 2e-7 {
			t.Errorf("tanh(%g) = %g, want %g", x, got, want)
		}
	}
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0: 0, 0x3c00: 1, 0xc000: -2, 0x3555: .33325195, 0x7bff: 65504, 0x0001: 1. / (1 << 24), 0x83ff: -1023. / (1 << 24), 0x7c00: float32(math.Inf(1)),
	} {
		if got := half(bits); got != want {
			t.Errorf("half(%#x) = %g, want %g", bits, got, want)
		}
	}
}

func TestDamagedWeights(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "version": strings.Replace(readerBin, "\x01", "\x02", 1), "short": readerBin[:len(readerBin)-1], "long": readerBin + "x",
		"zero": readerBin[:8] + strings.Repeat("\x00", len(readerBin)-8), "huge": readerBin[:8] + "\xff\xff\xff\xff" + readerBin[12:],
	} {
		if _, err := Load(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// BenchmarkScores scores 30 pairs of news length, without aligning them.
func BenchmarkScores(b *testing.B) {
	r := builtIn(b)
	var longest checked
	for _, c := range readChecked(b) {
		if len(c.question.Ranks) > len(longest.question.Ranks) {
			longest = c
		}
	}
	pairs := make([]Pair, 30)
	for i := range pairs {
		pairs[i] = longest.pairs[i%len(longest.pairs)]
	}
	for b.Loop() {
		r.score(longest.question, pairs)
	}
}
