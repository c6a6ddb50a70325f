package segment

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/dateline"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSeeds compares the marks, passages and sentences of the embedded
// articles with golden files that a person has read.
func TestSeeds(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "seeds", "*.txt"))
	if err != nil || len(files) != 5 {
		t.Fatalf("seeds: %v, %v", files, err)
	}
	for _, file := range files {
		name := filepath.Base(file)[:3]
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			body := string(raw)
			marks := Marks(MarkInput{Body: body, Known: dateline.Read(body, "").Marks})
			var b strings.Builder
			for _, m := range marks {
				fmt.Fprintf(&b, "%s %d-%d %q\n", m.Reason, m.Start, m.End, body[m.Start:m.End])
			}
			b.WriteString("\n")
			for _, s := range Passages(body, marks) {
				fmt.Fprintf(&b, "passage %d-%d, %d words\n", s.Start, s.End, len(strings.Fields(body[s.Start:s.End])))
			}
			b.WriteString("\n")
			for _, s := range Sentences(body, marks) {
				fmt.Fprintf(&b, "%d-%d %s\n", s.Start, s.End, strings.ReplaceAll(body[s.Start:s.End], "\u00a0", "~"))
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
}

func FuzzPassages(f *testing.F) {
	f.Add("A title\n\nOne. Two.\nRead more: x\n\nThree", 3)
	f.Add(strings.Repeat("word ", 900)+".", 0)
	f.Add(strings.Repeat("词", 900), 1)
	f.Fuzz(func(t *testing.T, body string, _ int) {
		if !utf8.ValidString(body) {
			return
		}
		marks := Marks(MarkInput{Body: body, Known: dateline.Read(body, "").Marks})
		checkMarks(t, body, marks)
		passages := Passages(body, marks)
		checkCover(t, body, marks, passages)
		for _, s := range Sentences(body, marks) {
			checkSpan(t, body, marks, s)
		}
	})
}

func checkMarks(t *testing.T, body string, marks []corpus.Mark) {
	t.Helper()
	last := 0
	for _, m := range marks {
		if m.Start < last || m.End <= m.Start || m.End > len(body) || m.Reason == "" {
			t.Fatalf("mark %v after %d", m, last)
		}
		last = m.End
	}
}

// checkSpan holds that s lies in the body, splits no character, has no white
// space at its ends and overlaps no furniture.
func checkSpan(t *testing.T, body string, marks []corpus.Mark, s corpus.Span) {
	t.Helper()
	a := &corpus.Article{Body: body, Furniture: marks}
	text, err := a.Text(s)
	if err != nil || text == "" || strings.TrimSpace(text) != text {
		t.Fatalf("span %v: %q, %v", s, text, err)
	}
	if a.Marked(s) {
		t.Fatalf("span %v overlaps furniture", s)
	}
}

// checkCover holds that passages and furniture together hold every byte that
// is not white space.
func checkCover(t *testing.T, body string, marks []corpus.Mark, passages []corpus.Span) {
	t.Helper()
	held := make([]bool, len(body))
	for _, m := range marks {
		for i := m.Start; i < m.End; i++ {
			held[i] = true
		}
	}
	for _, s := range passages {
		checkSpan(t, body, marks, s)
		for i := s.Start; i < s.End; i++ {
			held[i] = true
		}
	}
	for i, r := range body {
		if !held[i] && !unicode.IsSpace(r) {
			t.Fatalf("byte %d (%q) is in no passage and no mark", i, r)
		}
	}
}

// A body has the same marks and sentences, whatever its lines end with.
func TestLineEnds(t *testing.T) {
	const body = "River rises over bridge in town\n\nBy Ada Novak\n\nThe water rose above the bridge of Bremen on Monday, officials said. " +
		"It fell later in the day\n\nAFTERMATH\n\nThe mayor opened two schools for the people who fled.\nSee a.example/b\nMore rain is expected on Tuesday."
	read := func(end string) (out []string) {
		text := strings.ReplaceAll(body, "\n", end)
		marks := Marks(MarkInput{Body: text, Known: dateline.Read(text, "").Marks})
		for _, m := range marks {
			out = append(out, string(m.Reason)+" "+text[m.Start:m.End])
		}
		for _, s := range Sentences(text, marks) {
			out = append(out, text[s.Start:s.End])
		}
		return out
	}
	want := read("\n")
	if len(want) < 4 {
		t.Fatalf("only %q", want)
	}
	for _, end := range []string{"\r", "\r\n"} {
		if diff := cmp.Diff(want, read(end)); diff != "" {
			t.Errorf("lines that end with %q (-want +got):\n%s", end, diff)
		}
	}
}
