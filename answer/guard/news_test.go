package guard

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// spoil makes a wrong point of a right one, or returns "" where it cannot.
type spoil struct {
	name string
	make func(sentence, other string) string
}

var (
	aFigure   = regexp.MustCompile(`\b\d{2,3}\b`)
	aName     = regexp.MustCompile(`[a-z,] ([A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})+)`)
	anAux     = regexp.MustCompile(`\b(was|were|will|would|could|has|have) ([a-z]+)\b`)
	aNot      = regexp.MustCompile(`\b(?:did not|was not|were not|will not|would not|has not|have not|is not|are not) `)
	aSaid     = regexp.MustCompile(`^([A-Z][^,“”"]{40,}), (?:[A-Z][A-Za-z .]+|the [a-z ]+|he|she) (?:said|told [A-Z][A-Za-z ]+)\b[^,]{0,40}\.$`)
	aMonthDay = regexp.MustCompile(`\b(January|February|March|April|June|July|August|September|October|November|December) (\d{1,2})\b`)
)

var spoils = []spoil{
	{"figure", func(s, _ string) string {
		return replaceFirst(aFigure, s, func(m []string) string {
			n, _ := strconv.Atoi(m[0])
			return strconv.Itoa(n + 7)
		})
	}},
	{"name", func(s, other string) string {
		theirs := aName.FindStringSubmatch(other)
		mine := aName.FindStringSubmatch(s)
		if theirs == nil || mine == nil || strings.Contains(s, strings.Fields(theirs[1])[0]) {
			return ""
		}
		return strings.Replace(s, mine[1], theirs[1], 1)
	}},
	{"negation added", func(s, _ string) string {
		return replaceFirst(anAux, s, func(m []string) string {
			if m[2] == "not" || m[2] == "never" || m[2] == "no" || m[2] == "nothing" {
				return ""
			}
			return m[1] + " not " + m[2]
		})
	}},
	{"negation dropped", func(s, _ string) string {
		return replaceFirst(aNot, s, func(m []string) string { return strings.Replace(m[0], " not", "", 1) })
	}},
	{"claim as fact", func(s, _ string) string {
		if m := aSaid.FindStringSubmatch(s); m != nil {
			return m[1] + "."
		}
		return ""
	}},
	{"date", func(s, _ string) string {
		return replaceFirst(aMonthDay, s, func(m []string) string {
			n, _ := strconv.Atoi(m[2])
			return m[1] + " " + strconv.Itoa(n%28+1)
		})
	}},
	{"quotation", func(s, _ string) string {
		if i := strings.IndexAny(s, "“"); i >= 0 {
			if j := strings.Index(s[i:], "”"); j > 20 {
				return s[:i] + "“We knew that it was all over, " + s[i+len("“"):]
			}
		}
		return ""
	}},
}

// replaceFirst returns s with its first match replaced, or "" without one.
func replaceFirst(re *regexp.Regexp, s string, with func([]string) string) string {
	at := re.FindStringSubmatchIndex(s)
	if at == nil {
		return ""
	}
	r := with(re.FindStringSubmatch(s))
	if r == "" {
		return ""
	}
	return s[:at[0]] + r + s[at[1]:]
}

// TestGuardOverNews takes sentences of real news as points over themselves,
// which are to be kept, and spoils each in one way, which is to be stopped.
func TestGuardOverNews(t *testing.T) {
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		t.Skip("VERBATIM_EVAL is not set: no news to try the guard on")
	}
	sentences := newsSentences(t, filepath.Join(dir, "news"), 600)
	kept, reasons := 0, map[string]int{}
	stopped, made := map[string]int{}, map[string]int{}
	shown := 0
	for i, s := range sentences {
		judge := func(text string) (bool, string) {
			p, reason := Clean(Point{Text: text, Sentences: []int{1}})
			if reason != "" {
				return false, reason
			}
			return Check("", p, []Sentence{{Text: s, Speaker: "Example", Published: corpus.Date("2022-11-15")}})
		}
		ok, reason := judge(s)
		if ok {
			kept++
		} else {
			reasons[regexp.MustCompile(`".*"`).ReplaceAllString(reason, "…")]++
			continue
		}
		for _, sp := range spoils {
			wrong := sp.make(s, sentences[(i+1)%len(sentences)])
			if wrong == "" || wrong == s {
				continue
			}
			made[sp.name]++
			if ok, _ := judge(wrong); !ok {
				stopped[sp.name]++
			} else if shown < 40 && os.Getenv("VERBATIM_SHOW_NEWS") != "" {
				shown++
				t.Logf("%s: %s", sp.name, wrong)
			}
		}
	}
	t.Logf("right kept %d of %d (%.3f); refused: %v", kept, len(sentences), float64(kept)/float64(len(sentences)), reasons)
	all, got := 0, 0
	for name, n := range made {
		t.Logf("%s: stopped %d of %d", name, stopped[name], n)
		all, got = all+n, got+stopped[name]
	}
	t.Logf("wrong stopped %d of %d (%.3f)", got, all, float64(got)/float64(all))
	if float64(kept) < .9*float64(len(sentences)) || float64(got) < .95*float64(all) {
		t.Error("the guard keeps too few right points or too many wrong ones")
	}
}

// newsSentences returns n sentences of plain statement from every fifth
// article of the news set.
func newsSentences(t *testing.T, dir string, n int) []string {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "articles.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	sc := bufio.NewScanner(unpacked)
	sc.Buffer(nil, 16<<20)
	for k := 0; sc.Scan() && len(out) < n; k++ {
		var a struct{ Text string }
		if k%5 != 0 || json.Unmarshal(sc.Bytes(), &a) != nil {
			continue
		}
		taken := 0
		for _, para := range strings.Split(a.Text, "\n\n") {
			for _, r := range words.Sentences(para) {
				s := para[r.Start:r.End]
				_, reason := Clean(Point{Text: s, Sentences: []int{1}})
				if f := len(strings.Fields(s)); f >= 10 && f <= 40 && strings.HasSuffix(s, ".") && taken < 5 && reason == "" {
					out, taken = append(out, s), taken+1
				}
			}
		}
	}
	return out
}

func BenchmarkGuard(b *testing.B) {
	s := []Sentence{
		{Text: "More than 1,000 Afghan security personnel fled across the border into Tajikistan on Sunday following Taliban advances in northern Afghanistan, the Tajik border guard service said."},
		{Text: "On Monday, more than 1,000 Afghan troops fled into Tajikistan, forcing the neighbouring country to bolster the frontier with its own soldiers."},
	}
	p := Point{Text: "More than 1,000 Afghan security personnel crossed into Tajikistan on Sunday, the Tajik border guard service said.", Sentences: []int{1, 2}}
	for b.Loop() {
		if ok, reason := Check("How many Afghan soldiers fled?", p, s); !ok {
			b.Fatal(reason)
		}
	}
}
