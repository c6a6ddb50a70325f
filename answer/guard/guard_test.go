package guard

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verbatim/retrieval/corpus"
)

// heldPoint is a line of testdata/points.jsonl: a point as a model might write
// it over sentences of testdata/sentences.jsonl, and whether it may stand.
type heldPoint struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"` // "right", or what is wrong with it
	Held     bool     `json:"held"` // kept apart from tuning: its failures are counted, not shown
	Question string   `json:"question"`
	Text     string   `json:"text"`
	Cites    []string `json:"cites"` // keys of sentences; "?9" is a number that is not there
}

type seedSentence struct {
	Key  string `json:"key"`
	File string `json:"file"`
	Text string `json:"text"`
}

func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, v)
	}
	return out
}

// seedSentences returns the sentences by key, having checked that each is a
// span of its seed article.
func seedSentences(t *testing.T) map[string]Sentence {
	t.Helper()
	known := map[string]struct {
		speaker   string
		published corpus.Date
	}{"000": {"Kabul Now", "2021-07-04"}, "001": {"", ""}, "002": {"AFP", "2021-07-06"}, "003": {"ANI", "2021-07-06"}, "004": {"", "2021-07-04"}}
	out := map[string]Sentence{}
	for _, s := range readLines[seedSentence](t, "testdata/sentences.jsonl") {
		body, err := os.ReadFile(filepath.Join("..", "..", "seeds", s.File))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(body), s.Text) {
			t.Fatalf("sentence %s is not in %s", s.Key, s.File)
		}
		k := known[s.File[:3]]
		out[s.Key] = Sentence{Text: s.Text, Speaker: k.speaker, Published: k.published}
	}
	return out
}

// judge runs a held point through the guard as the answerer does.
func judge(p heldPoint, all map[string]Sentence) (bool, string) {
	draft := Point{Text: p.Text}
	var sentences []Sentence
	for _, key := range p.Cites {
		s, ok := all[key]
		if ok {
			sentences = append(sentences, s)
			draft.Sentences = append(draft.Sentences, len(sentences))
		} else {
			draft.Sentences = append(draft.Sentences, 99)
		}
	}
	draft, reason := Clean(draft)
	if reason != "" {
		return false, reason
	}
	return Check(p.Question, draft, sentences)
}

func TestGuardOverPoints(t *testing.T) {
	all := seedSentences(t)
	type count struct{ stopped, wrong, kept, right int }
	figures := map[bool]*count{false: {}, true: {}}
	for _, p := range readLines[heldPoint](t, "testdata/points.jsonl") {
		ok, reason := judge(p, all)
		c := figures[p.Held]
		if p.Kind == "right" {
			c.right++
			if ok {
				c.kept++
			}
		} else {
			c.wrong++
			if !ok {
				c.stopped++
			}
		}
		if (p.Kind == "right") != ok {
			if p.Held && os.Getenv("VERBATIM_SHOW_HELD") == "" {
				continue
			}
			t.Logf("%s %s: ok=%v %s: %s", p.ID, p.Kind, ok, reason, p.Text)
		}
	}
	for held, c := range figures {
		stopped, kept := float64(c.stopped)/float64(c.wrong), float64(c.kept)/float64(c.right)
		t.Logf("held out %v: wrong stopped %d of %d (%.3f), right kept %d of %d (%.3f)", held, c.stopped, c.wrong, stopped, c.kept, c.right, kept)
		if stopped < .95 || kept < .9 {
			t.Errorf("held out %v: stopped %.3f, want .95; kept %.3f, want .9", held, stopped, kept)
		}
	}
}

// TestGuardReasons has a point for each way to be refused, and its neighbour
// that is not.
func TestGuardReasons(t *testing.T) {
	sentences := []Sentence{
		{Text: "The town bought four buses for 2.5 million euros on Monday, Mayor Jane Smyth said.", Speaker: "Example", Published: "2021-07-06"},
		{Text: "The council did not approve the tram.", Speaker: "Example", Published: "2021-07-06"},
		{Text: "He thanked the drivers of the town’s buses.", Speaker: "Example", Published: "2021-07-06"},
		{Text: "Some 40 percent of riders may pay less, according to the operator Citybus.", Speaker: "Example"},
	}
	for _, c := range []struct {
		question, text string
		cites          []int
		reason         string // a part of it, "" where the point stands
	}{
		{"", "The town bought four buses for 2.5 million euros, the mayor said.", []int{1}, ""},
		{"", "The town bought 4 buses for €2,500,000, the mayor said.", []int{1}, ""},
		{"", "The town bought four buses for 2.5 million dollars, the mayor said.", []int{1}, "unit"},
		{"", "The town bought more than four buses, the mayor said.", []int{1}, "bound"},
		{"", "The town bought four trams, the mayor said.", []int{1}, "count"},
		{"", "The town bought four buses on July 5, the mayor said.", []int{1}, ""},
		{"", "The town bought four buses on July 6, the mayor said.", []int{1}, "date"},
		{"", "Example reported on July 6 that the mayor said the town bought four buses.", []int{1}, ""},
		{"", "Mayor Jane Smith said the town bought four buses.", []int{1}, ""},
		{"", "Mayor Joan Smyth said the town bought four buses.", []int{1}, "name"},
		{"", "The town bought four buses.", []int{1}, "somebody's claim"},
		{"", "The council said that the town bought four buses.", []int{1, 2}, "somebody else"},
		{"Did the town buy 99 buses?", "The town bought 99 buses, the mayor said.", []int{1}, "99"},
		{"Did Springfield buy buses?", "Springfield bought four buses, the mayor said.", []int{1}, "Springfield"},
		{"What did Jane Smyth do?", "Smyth thanked the drivers of the buses.", []int{3}, ""},
		{"", "The council approved the tram.", []int{2}, "deny"},
		{"", "The council has not approved the tram.", []int{2}, ""},
		{"", "The council rejected the tram.", []int{2}, ""},
		{"", "The mayor said “the town bought four buses”.", []int{1}, "quotation marks"},
		{"", "Mayor Smyth said that “the town bought four buses.", []int{1}, "closed"},
		{"", "Some 40% of riders may pay less, Citybus says.", []int{4}, ""},
		{"", "Forty percent of riders pay less, Citybus says.", []int{4}, ""},
		{"", "The council did not approve the tram.", nil, "names no sentence"},
		{"", "The council did not approve the tram.", []int{2, 5}, "not there"},
		{"", "The council did not approve the tram.", []int{0}, "not there"},
		{"", "See https://example.org: the council did not approve the tram.", []int{2}, "link"},
		{"", "The council of example.com did not approve the tram.", []int{2}, "link"},
		{"", "The council did not approve the tram, @here.", []int{2}, "mention"},
		{"", "The council did not approve the tram <#123>.", []int{2}, "markup"},
		{"", "The council `did` not approve the tram.", []int{2}, "markup"},
		{"", "# The council did not approve the tram.", []int{2}, "markup"},
		{"", "/tram The council did not approve the tram.", []int{2}, "command"},
		{"", "Did the council approve the tram?", []int{2}, "question"},
		{"", "Ignore the council and the tram.", []int{2}, "instruction"},
		{"", "You should know that the council did not approve the tram.", []int{2}, "reader"},
		{"", "The council did not approve the \u200btram.", []int{2}, "cannot be seen"},
		{"", "The council did not approve the tram and jailed protesting students.", []int{2}, "do not say"},
		{"", "", []int{2}, "empty"},
		{"", strings.Repeat("The council did not approve the tram. ", 30), []int{2}, "longer"},
	} {
		ok, reason := Check(c.question, Point{Text: c.text, Sentences: c.cites}, sentences)
		if ok != (c.reason == "") || !strings.Contains(reason, c.reason) {
			t.Errorf("%q on %v: got %v, %q; want %q", c.text, c.cites, ok, reason, c.reason)
		}
	}
}

// TestGuardRoles has points in which who does what to whom, how far, or why
// is not what the sentences say.
func TestGuardRoles(t *testing.T) {
	sentences := []Sentence{
		{Text: "Rakhmon expressed concern to Ghani about the crossings."},
		{Text: "Moscow closed its consulate after many Afghan soldiers fled from Balkh into Tajikistan."},
		{Text: "Bagram was left by the Americans; the Taliban attacked Faizabad."},
		{Text: "Jones has now beaten Lee."},
		{Text: "The fair was canceled."},
		{Text: "Jones faced pressure to give more help to the fair."},
		{Text: "The share of buses rose to 12% of traffic and the share of trams rose to 7% of traffic."},
		{Text: "The rocket exploded before reaching its orbit."},
	}
	for _, c := range []struct {
		text, reason string
		cites        []int
	}{
		{"Rahmon expressed concern about the crossings.", "", []int{1}},
		{"Ghani expressed concern to Rakhmon about the crossings.", "somebody else", []int{1}},
		{"Afghan soldiers fled from Balkh into Tajikistan.", "", []int{2}},
		{"Afghan soldiers fled to Tajikistan.", "", []int{2}},
		{"Soldiers fled into Balkh.", "into", []int{2}},
		{"Soldiers fled from Tajikistan.", "from", []int{2}},
		{"All Afghan soldiers fled into Tajikistan.", "all", []int{2}},
		{"Most Afghan soldiers fled into Tajikistan.", "most", []int{2}},
		{"Only Afghan soldiers fled into Tajikistan.", "only", []int{2}},
		{"Many soldiers fled because Moscow expressed concern.", "somebody else", []int{1, 2}},
		{"Rakhmon expressed concern because of the crossings.", "because", []int{1}},
		{"Jones beat Lee.", "", []int{4}},
		{"Lee beat Jones.", "somebody else", []int{4}},
		{"The fair was called off.", "", []int{5}},
		{"The fair was held.", "deny", []int{5}},
		{"Jones gave more help to the fair.", "done", []int{6}},
		{"Jones was pressed to give more help.", "", []int{6}},
		{"Jones was convicted of theft.", "convicted", []int{6}},
		{"The share of buses rose to 12% and that of trams to 7%.", "", []int{7}},
		{"The share of trams fell to 7%.", "opposite", []int{7}},
		{"The rocket reached its orbit.", "deny", []int{8}},
		{"The rocket exploded before it reached its orbit.", "", []int{8}},
		{"The Taliban attacked Faizabad.", "", []int{3}},
		{"The Americans attacked Faizabad.", "somebody else", []int{3}},
		{"The Americans left Bagram.", "", []int{3}},
	} {
		ok, reason := Check("", Point{Text: c.text, Sentences: c.cites}, sentences)
		if ok != (c.reason == "") || !strings.Contains(reason, c.reason) {
			t.Errorf("%q on %v: got %v, %q; want %q", c.text, c.cites, ok, reason, c.reason)
		}
	}
}

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"rakhmon", "rahmon", true}, {"rehmon", "rakhmon", true}, {"badakshan", "badakhshan", true},
		{"tajik", "tajikistan", true}, {"afghan", "afghanistan", true}, {"us", "american", true},
		{"iran", "iraq", false}, {"austria", "australia", false}, {"niger", "nigeria", false}, {"kunduz", "kunar", false},
		{"tajikistan", "pakistan", false}, {"mohib", "mohab", true}, {"marta", "maria", false}, {"uzbekistan", "kazakhstan", false},
	} {
		if got := sameName(c.a, c.b); got != c.want || sameName(c.b, c.a) != got {
			t.Errorf("%s and %s: got %v", c.a, c.b, got)
		}
	}
}

// TestGuardOnCommonShapes holds what a fresh reader tried against the guard.
func TestGuardOnCommonShapes(t *testing.T) {
	sentences := []Sentence{
		{Text: "Storm Emma killed 12 people in Lyon and injured 40 others, the mayor, Anne Petit, told Reuters on 3 March.", Speaker: "Le Monde", Published: "2024-03-04"},
		{Text: "Police have not found any evidence that the bridge was sabotaged.", Speaker: "BBC"},
		{Text: "The bank may raise rates in June if inflation stays above 3%, analysts at Nomura reportedly expect.", Speaker: "FT"},
	}
	for _, c := range []struct {
		stands bool
		cites  int
		text   string
	}{
		{true, 1, "Storm Emma killed 12 people in Lyon, mayor Anne Petit told Reuters."},
		{true, 1, "Twelve people died in Lyon in Storm Emma, according to the mayor."},
		{true, 1, "Storm Emma injured 40 others in Lyon, the mayor said."},
		{false, 1, "Storm Emma killed 40 people in Lyon, mayor Anne Petit told Reuters."},
		{false, 1, "Storm Emma injured 12 people in Lyon, the mayor said."},
		{true, 2, "Police have found no evidence that the bridge was sabotaged."},
		{false, 2, "The bridge was sabotaged, police said."},
		{true, 3, "The bank may raise rates in June, analysts at Nomura reportedly expect."},
		{false, 3, "The bank may raise rates in June."},
		{false, 3, "The bank will raise rates in June, analysts at Nomura reportedly expect."},
	} {
		if ok, reason := Check("What happened?", Point{Text: c.text, Sentences: []int{c.cites}}, sentences); ok != c.stands {
			t.Errorf("%q: stands %v (%s), want %v", c.text, ok, reason, c.stands)
		}
	}
}
