package segment

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unicode"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/dateline"
)

// newsArticle is a line of the news set.
type newsArticle struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// news reads the news set, or skips the test where it is not given.
func news(t testing.TB) []newsArticle {
	t.Helper()
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		t.Skip("VERBATIM_EVAL is not set: no news set to measure on")
	}
	file, err := os.Open(filepath.Join(dir, "news", "articles.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []newsArticle
	for d := json.NewDecoder(z); d.More(); {
		var a newsArticle
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func (a newsArticle) marks(r *Repeats) []corpus.Mark {
	return Marks(MarkInput{Body: a.Text, Title: a.Title, Known: dateline.Read(a.Text, a.Title).Marks, Repeats: r})
}

// labelled is an article whose furniture a person has marked.
type labelled struct {
	ID    string   `json:"id"` // of the article's address
	Set   string   `json:"set"`
	Spans [][3]any `json:"spans"` // start, end, reason
}

// labels reads the labelled articles; their text is in the news set.
func labels(t *testing.T) map[string]labelled {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "furniture.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]labelled)
	for d := json.NewDecoder(bytes.NewReader(data)); d.More(); {
		var l labelled
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		out[l.ID] = l
	}
	return out
}

// score counts the bytes that are not white space.
type score struct {
	furniture, found, article, wrong int
}

func (s *score) add(body string, want, got []corpus.Mark) {
	in := func(marks []corpus.Mark, i int) bool {
		for _, m := range marks {
			if m.Start <= i && i < m.End {
				return true
			}
		}
		return false
	}
	for i, r := range body {
		if unicode.IsSpace(r) {
			continue
		}
		n := len(string(r))
		switch w, g := in(want, i), in(got, i); {
		case w:
			s.furniture += n
			if g {
				s.found += n
			}
		default:
			s.article += n
			if g {
				s.wrong += n
			}
		}
	}
}

func (s *score) String() string {
	return fmt.Sprintf("furniture found %.3f of %d bytes, article text marked %.4f of %d bytes",
		float64(s.found)/float64(s.furniture), s.furniture, float64(s.wrong)/float64(s.article), s.article)
}

// What the marks must reach, in shares of bytes.
const (
	minFound = .9
	maxWrong = .005
)

// TestFurniture measures the marks on 150 articles that a person has
// labelled. The rules were written with the set "dev" in sight; "held" was
// labelled when they were done, and then .891 of its furniture was found and
// none of its article text marked.
func TestFurniture(t *testing.T) {
	all := news(t)
	outlines := make([]Outline, len(all))
	for i, a := range all {
		outlines[i] = NewOutline(a.Text, nil)
	}
	repeats := NewRepeats(nil, outlines)
	want := labels(t)
	scores := map[string]*score{"dev": {}, "held": {}}
	for _, a := range all {
		l, ok := want[corpus.NewID(a.URL)]
		if !ok {
			continue
		}
		var spans []corpus.Mark
		for _, s := range l.Spans {
			spans = append(spans, corpus.Mark{Span: corpus.Span{Start: int(s[0].(float64)), End: int(s[1].(float64))}, Reason: corpus.Reason(s[2].(string))})
		}
		got := a.marks(repeats)
		scores[l.Set].add(a.Text, spans, got)
		if testing.Verbose() {
			report(t, l, a.Text, spans, got)
		}
	}
	for set, s := range scores {
		t.Logf("%s: %v", set, s)
		found, wrong := float64(s.found)/float64(s.furniture), float64(s.wrong)/float64(s.article)
		if !(found >= minFound) || !(wrong <= maxWrong) {
			t.Errorf("%s: want at least %v found and at most %v wrong", set, minFound, maxWrong)
		}
	}
}

// report logs where marks and labels differ, for the eye.
func report(t *testing.T, l labelled, body string, want, got []corpus.Mark) {
	t.Helper()
	differ := func(kind string, a, b []corpus.Mark) {
		for _, m := range a {
			var s score
			s.add(body[m.Start:m.End], []corpus.Mark{{Span: corpus.Span{End: m.Len()}}}, shift(b, m.Start))
			if s.found*10 < s.furniture*9 {
				t.Logf("%s %s %s %q", l.Set, kind, m.Reason, body[m.Start:m.End])
			}
		}
	}
	differ("missed", want, got)
	differ("wrong", got, want)
}

func shift(marks []corpus.Mark, by int) []corpus.Mark {
	out := make([]corpus.Mark, len(marks))
	for i, m := range marks {
		out[i] = corpus.Mark{Span: corpus.Span{Start: m.Start - by, End: m.End - by}, Reason: m.Reason}
	}
	return out
}

// benchmarkBodies returns the first articles of the news set.
func benchmarkBodies(b *testing.B) []newsArticle {
	b.Helper()
	all := news(b)[:300]
	n := int64(0)
	for _, a := range all {
		n += int64(len(a.Text))
	}
	b.SetBytes(n)
	b.ReportAllocs()
	b.ResetTimer()
	return all
}

func BenchmarkMarks(b *testing.B) {
	all := benchmarkBodies(b)
	for b.Loop() {
		for _, a := range all {
			a.marks(nil)
		}
	}
}

func BenchmarkPassages(b *testing.B) {
	all := benchmarkBodies(b)
	for b.Loop() {
		for _, a := range all {
			Passages(a.Text, nil)
		}
	}
}

func BenchmarkSentences(b *testing.B) {
	all := benchmarkBodies(b)
	for b.Loop() {
		for _, a := range all {
			Sentences(a.Text, nil)
		}
	}
}
