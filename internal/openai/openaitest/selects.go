package openaitest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// Sentence is one of the numbered sentences of a prompt.
type Sentence struct {
	N       int    `json:"-"`
	Text    string `json:"-"`
	Article int    `json:"article"` // number of its article in the prompt
	Outlet  string `json:"outlet"`
	Date    string `json:"date"`
	Title   string `json:"title"`
}

// Point is one point of an answer.
type Point struct {
	Text      string `json:"text"`
	Sentences []int  `json:"sentences"`
}

// Points answers with points, as the prompt asks for them.
func Points(points ...Point) Reply { return Text(pointsJSON(points)) }

// Draft is an answer of a model.
type Draft struct {
	Sentences []int   `json:"sentences"`
	Verdict   string  `json:"verdict"` // answered, partly or no
	Reason    string  `json:"reason"`
	Points    []Point `json:"points"`
}

// JSON returns d as the prompt asks for it.
func (d Draft) JSON() string {
	d.Sentences, d.Points = append([]int{}, d.Sentences...), append([]Point{}, d.Points...)
	if d.Reason == "" {
		d.Reason = "none"
	}
	b, err := json.Marshal(d)
	if err != nil {
		return ""
	}
	return string(b)
}

func pointsJSON(points []Point) string { return ofPoints(points).JSON() }

// ofPoints is a draft of points, or that the sentences do not answer.
func ofPoints(points []Point) Draft {
	d := Draft{Verdict: "no", Points: points}
	for _, p := range points {
		d.Verdict = "answered"
		d.Sentences = append(d.Sentences, p.Sentences...)
	}
	return d
}

// Selects answers like a model that chooses well and writes nothing of its
// own: the up to three sentences that share the most words with the question,
// those with figures first where it asks how many, each as a point in its own
// words. Where none shares two, it says that they
// do not answer. Asked to rewrite a question, it repeats it.
func Selects() Reply { return Obeys(choose) }

// Obeys answers with what write makes of the question and the sentences of
// the prompt.
func Obeys(write func(question string, sentences []Sentence) []Point) Reply {
	return drafts(func(q string, all []Sentence) Draft { return ofPoints(write(q, all)) })
}

// drafts answers with the draft that write makes of the question and the
// sentences of the prompt. Asked to rewrite a question, it repeats it.
func drafts(write func(question string, sentences []Sentence) Draft) Reply {
	return func(w http.ResponseWriter, r Request, quit <-chan struct{}) {
		question, sentences := ReadPrompt(r.User())
		if question == "" {
			last := r.User()[strings.LastIndex(r.User(), "Last question: ")+len("Last question: "):]
			b, _ := json.Marshal(map[string]string{"question": last})
			Text(string(b))(w, r, quit)
			return
		}
		Text(write(question, sentences).JSON())(w, r, quit)
	}
}

// Prompted answers with the reply that choose makes of the question and the
// sentences of the prompt.
func Prompted(choose func(question string, sentences []Sentence) Reply) Reply {
	return func(w http.ResponseWriter, r Request, quit <-chan struct{}) { choose(ReadPrompt(r.User()))(w, r, quit) }
}

// ReadPrompt reads the question and the sentences, by number, from the user's
// message of a prompt for a draft; question is "" if it is another prompt.
func ReadPrompt(user string) (question string, sentences []Sentence) {
	inside, head := false, Sentence{}
	for line := range strings.Lines(user) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "Question: ") && !inside && question == "":
			question = strings.TrimPrefix(line, "Question: ")
		case strings.HasPrefix(line, "BEGIN "):
			inside = true
		case strings.HasPrefix(line, "END "):
			inside = false
		case inside:
			head, sentences = readLine(line, head, sentences)
		}
	}
	slices.SortFunc(sentences, func(a, b Sentence) int { return a.N - b.N })
	return question, sentences
}

// readLine reads a line between the fences: that of an article, which is true
// of the sentences after it, or a sentence.
func readLine(line string, head Sentence, sentences []Sentence) (Sentence, []Sentence) {
	var pair []json.RawMessage
	if json.Unmarshal([]byte(line), &pair) != nil {
		head = Sentence{}
		_ = json.Unmarshal([]byte(line), &head) // another line holds no sentence
		return head, sentences
	}
	s := head
	if len(pair) == 2 && json.Unmarshal(pair[0], &s.N) == nil && json.Unmarshal(pair[1], &s.Text) == nil {
		sentences = append(sentences, s)
	}
	return head, sentences
}

func choose(question string, sentences []Sentence) []Point {
	type scored struct {
		Sentence
		shared int
	}
	asked := wordSet(question)
	counts := strings.HasPrefix(strings.ToLower(question), "how many")
	var best []scored
	for _, s := range sentences {
		n := 0
		for w := range wordSet(s.Text) {
			if asked[w] {
				n++
			}
		}
		if n >= 2 && counts && strings.ContainsAny(s.Text, "0123456789") {
			n += 2
		}
		if n >= 2 {
			best = append(best, scored{s, n})
		}
	}
	slices.SortStableFunc(best, func(a, b scored) int { return b.shared - a.shared })
	var out []Point
	for _, s := range best[:min(3, len(best))] {
		out = append(out, Point{Text: s.Text, Sentences: []int{s.N}})
	}
	return out
}

// wordSet returns the words of text of four letters or more, cut to six, so
// that forms of a word meet.
func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		runes := []rune(w)
		if len(runes) >= 4 {
			set[string(runes[:min(6, len(runes))])] = true
		}
	}
	return set
}
