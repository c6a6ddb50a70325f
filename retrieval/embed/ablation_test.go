package embed

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var ablate = flag.Bool("ablate", false, "measure every option over the news questions, not the default alone")

// question is a line of questions.jsonl, article one of articles.jsonl.gz.
type question struct {
	Question string   `json:"question"`
	Answers  []string `json:"answers"`
}

type article struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// TestNewsHits ranks the passages of the news articles by vectors alone. A hit is a
// passage that holds an answer as whole words.
func TestNewsHits(t *testing.T) {
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" || testing.Short() {
		t.Skip("set VERBATIM_EVAL to the folder of the evaluation sets, and leave out -short, to measure")
	}
	passages := newsPassages(t, filepath.Join(dir, "news", "articles.jsonl.gz"))
	questions := newsQuestions(t, filepath.Join(dir, "news", "questions.jsonl"))
	t.Logf("%d questions over %d passages; hit@1, @4, @10", len(questions), len(passages))
	hits := newsHits(t, newTest(t, Options{}), passages, questions)
	t.Logf("%-24s %.3f %.3f %.3f", "default", hits[0], hits[1], hits[2])
	for i, least := range [3]float64{0.39, 0.60, 0.71} {
		if hits[i] < least {
			t.Errorf("hits %.3f: number %d is under %.2f", hits, i+1, least)
		}
	}
	if !*ablate {
		return
	}
	for _, v := range []struct {
		name string
		opts Options
	}{
		{"unknown left out", Options{Unknown: UnknownNothing}},
		{"unknown hashed .1", Options{UnknownWeight: 0.1}},
		{"unknown hashed .5", Options{UnknownWeight: 0.5}},
		{"unknown hashed 1", Options{UnknownWeight: 1}},
		{"n-grams .25", Options{Unknown: UnknownNGrams, UnknownWeight: 0.25}},
		{"n-grams .5", Options{Unknown: UnknownNGrams, UnknownWeight: 0.5}},
		{"n-grams 1", Options{Unknown: UnknownNGrams, UnknownWeight: 1}},
		{"common direction kept", Options{KeepCommon: true}},
		{"a 1e-2", Options{A: 1e-2}},
		{"a 3e-3", Options{A: 3e-3}},
		{"a 3e-4", Options{A: 3e-4}},
		{"a 1e-4", Options{A: 1e-4}},
		{"a 3e-5", Options{A: 3e-5}},
		{"50,000 words", Options{MaxWords: 50000}},
		{"30,000 words", Options{MaxWords: 30000}},
		{"10,000 words", Options{MaxWords: 10000}},
	} {
		hits := newsHits(t, newTest(t, v.opts), passages, questions)
		t.Logf("%-24s %.3f %.3f %.3f", v.name, hits[0], hits[1], hits[2])
	}
}

// newsHits returns the share of questions with a hit among the first 1, 4 and 10 passages.
func newsHits(t *testing.T, e *Embedder, passages []string, questions []question) (hits [3]float64) {
	vectors, err := e.Embed(context.Background(), passages)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		v := embedOne(t, e, q.Question)
		if v == nil {
			continue
		}
		rank := firstHit(nearest(v, vectors, 10), passages, q.Answers)
		for i, k := range [3]int{1, 4, 10} {
			if rank < k {
				hits[i] += 1 / float64(len(questions))
			}
		}
	}
	return hits
}

// nearest returns the numbers of the k vectors with the largest dot product with v, best first.
func nearest(v []float32, vectors [][]float32, k int) []int {
	scores := make([]float32, 0, k+1)
	best := make([]int, 0, k+1)
	for i, w := range vectors {
		var score float32
		for j := range w {
			score += v[j] * w[j]
		}
		if len(best) == k && score <= scores[k-1] {
			continue
		}
		at := len(best)
		for at > 0 && scores[at-1] < score {
			at--
		}
		scores = append(scores[:at], append([]float32{score}, scores[at:]...)...)[:min(k, len(best)+1)]
		best = append(best[:at], append([]int{i}, best[at:]...)...)[:len(scores)]
	}
	return best
}

// firstHit returns the place from 0 of the first passage that holds an answer, or their number.
func firstHit(ranked []int, passages []string, answers []string) int {
	notWords := regexp.MustCompile(`[^\p{L}\p{N}$%]+`)
	fold := func(s string) string {
		return " " + strings.TrimSpace(notWords.ReplaceAllString(strings.ToLower(s), " ")) + " "
	}
	for place, i := range ranked {
		text := fold(passages[i])
		for _, a := range answers {
			if strings.Contains(text, fold(a)) {
				return place
			}
		}
	}
	return max(len(ranked), 10)
}

func newsPassages(t *testing.T, path string) []string {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	const size, step = 130, 110 // words
	var out []string
	for _, a := range readLines[article](t, unzipped) {
		words := strings.Fields(a.Text)
		for from := 0; from < len(words); from += step {
			to := min(from+size, len(words))
			out = append(out, a.Title+" . "+strings.Join(words[from:to], " "))
			if to == len(words) {
				break
			}
		}
	}
	return out
}

func newsQuestions(t *testing.T, path string) []question {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return readLines[question](t, file)
}

func readLines[T any](t *testing.T, r io.Reader) []T {
	var out []T
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var x T
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
