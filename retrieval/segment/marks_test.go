package segment

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/dateline"
	"verbatim/retrieval/words"
)

const (
	first  = "The bridge over the river was closed on Monday, and nobody in the town knew for how long."
	third  = "It will take until the spring to mend them, and the town has no money for it, the mayor told the paper."
	fourth = "Until then the ferry carries what it can, from six in the morning until the last bus has come."
	second = "Engineers said that two of its cables had rusted through, which the council had been told a year ago."
)

// around puts a line between two paragraphs of a story.
func around(line string) string { return first + "\n\n" + line + "\n\n" + second + "\n" }

func marksOf(body, title string) []string {
	var out []string
	for _, m := range Marks(MarkInput{Body: body, Title: title, Known: dateline.Read(body, title).Marks}) {
		out = append(out, fmt.Sprintf("%s: %s", m.Reason, body[m.Start:m.End]))
	}
	return out
}

// Each line is furniture as a whole.
func TestLines(t *testing.T) {
	tests := map[corpus.Reason][]string{
		corpus.ReasonReadingTime: {"4 min read", "·2-min read", "Reading time: 5 minutes", "7 minutes to read"},
		corpus.ReasonComments:    {"12 comments", "Leave a comment", "Be the first to comment", "Your email address will not be published."},
		corpus.ReasonNotice: {"© 2021 The Valley Herald", "All rights reserved.", "This story has been updated with additional details.",
			"By signing up you agree to our terms of use and privacy policy.", "Our goal is to create a safe and engaging place for readers."},
		corpus.ReasonAdvert: {"Advertisement", "Video Ad Feedback How bridges rust 02:05 - Source: Valley TV", "How relevant is this ad to you?",
			"Sign up for our morning newsletter.", "Subscribe to the Herald and get it in your inbox every day.", "Story continues below",
			"Support local journalism. Subscribe to the Herald today."},
		corpus.ReasonTeaser: {"More: Council asked about bridges", "Read more: What the council knew", "The river:How it shaped the valley",
			"BACKGROUND:They were told a year ago. Nobody did anything.", "GALLERY: Ten photos of rust on the old bridge", "Bridge closed? What drivers need to know about tolls",
			"'We were told': Council head admits that he knew of the rust", "More AP news: https://example.com/hub", "Rust in the valleyWhy old bridges need new paint"},
		corpus.ReasonCredit: {"Contributing: Jane Doe", "– Jane Doe", "Follow Jane Doe on Twitter: @janedoe", "Contact Jane Doe at jane@example.com or 555-1234.",
			"Photo: Jane Doe/Valley Pictures", "(Reporting by Jane Doe; Editing by John Roe)", "John Roe contributed to this report."},
		corpus.ReasonOther: {"___", "* * *", "Share on Facebook", "Facebook Twitter Email", "Copy link"},
	}
	for reason, lines := range tests {
		for _, line := range lines {
			want := []string{string(reason) + ": " + line}
			if diff := cmp.Diff(want, marksOf(around(line), "")); diff != "" {
				t.Errorf("%q (-want +got):\n%s", line, diff)
			}
		}
	}
}

// None of these lines is furniture, however near they come to one.
func TestStoryLines(t *testing.T) {
	for _, line := range []string{
		"The council's comments were not published.",
		"He said: “We read the report in four minutes, and we signed up for the work.”",
		"Readers who subscribe to the paper have asked for a newsletter since 2019, the editor said on Monday in court.",
		"The bridge costs 4 million a year: more than the school and the library together, the mayor said.",
		"At 4:25 p.m. the first car was turned away.",
		"Related companies paid for the work: Acme Corp. and its owners.",
		"- The bridge closes -",
		"What happens next?",
		"The opinions of the experts differed on the cables, and the council asked for more of them.",
		"“More than 1,000 cars cross it,” she said. “Where will they go?”",
		"CORRECTION:An earlier version of this article named another river.",
		"Copyright law does not protect the plans of the bridge, the judge said.",
		"Group B: Ford, Fiat, Tata, Lada",
		"Watching the river, he shared his photos on Facebook and Twitter with friends.",
		"The advertisement for the old bridge hung in the hall for years.",
	} {
		if got := marksOf(around(line), ""); len(got) != 0 {
			t.Errorf("%q is marked: %q", line, got)
		}
	}
}

func TestBlocks(t *testing.T) {
	long := first + "\n\n" + second + "\n\n" + third + "\n\n" + fourth + "\n\n"
	tests := []struct {
		name, body string
		want       []string
	}{
		{"teasers to the end", long + "You may also like\n\nMayor loses court case...\n\nThe mayor of the next town lost a case on Monday that he had...\n",
			[]string{"teaser: You may also like", "teaser: Mayor loses court case...", "teaser: The mayor of the next town lost a case on Monday that he had..."}},
		{"teasers inside", first + "\n\nRelated stories:\nMayor loses court case\nSchool wins prize\n\n" + second,
			[]string{"teaser: Related stories:", "teaser: Mayor loses court case", "teaser: School wins prize"}},
		{"comments to the end", long + "2 comments\n\nJoe: It was time that somebody told them so.\n",
			[]string{"comments: 2 comments", "comments: Joe: It was time that somebody told them so."}},
		{"link to comments above", "Town loses its bridge\n2 comments\n\n" + long, []string{"title: Town loses its bridge", "comments: 2 comments"}},
		{"caption twice", "The old bridge in the evening light\nThe old bridge in the evening light\n\n" + long[:len(first)+2] + second,
			[]string{"title: The old bridge in the evening light", "title: The old bridge in the evening light"}},
		{"captions twice", "Town loses its bridge\n\nThe old bridge in the evening\nThe old bridge in the evening\n\n" + first + "\n\n" + second,
			[]string{"title: Town loses its bridge", "caption: The old bridge in the evening", "caption: The old bridge in the evening"}},
		{"paragraph twice", first + "\n\n" + second + "\n\nIt stayed closed for a week.\n\n" + first, []string{"repeated: " + first}},
		{"equal list items", first + "\n\n• State: Ohio\n\n• Price: 5\n\n• State: Ohio\n\n" + second, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, marksOf(tt.body, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestCredits(t *testing.T) {
	tests := []struct{ line, want string }{
		{"The bridge on Monday morning, when the first cars were turned away. Jane Doe/AFP/Getty Images", "Jane Doe/AFP/Getty Images"},
		{"The bridge on Monday. Jane Q. Doe/The Valley Post/AP", "Jane Q. Doe/The Valley Post/AP"},
		{"Mayor Joe Roe Jane Doe/Reuters", "Jane Doe/Reuters"},
		{"The bridge seen from the town of Faizabad on the day [Getty Images]", "[Getty Images]"},
		{"The bridge seen from the town on the day (AP Photo/Jane Doe)", "(AP Photo/Jane Doe)"},
		{"The bridge was photographed on Monday morning. Jane Doe", "Jane Doe"},
		{"The bridge on Monday. @jane.doe/Valley", ""},
		{"The NBC/Marist poll asked 1,000 people in the valley about the bridge.", ""},
		{"“It will fall down in a year or two.” Jane Doe", ""},
	}
	for _, tt := range tests {
		var want []string
		if tt.want != "" {
			want = []string{"credit: " + tt.want}
		}
		if diff := cmp.Diff(want, marksOf(around(tt.line), "")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.line, diff)
		}
	}
	gallery := "Cars wait at the bridge on Monday. Jane Doe/AP People look at the river below. Joe Roe/AFP/Getty Images"
	want := []string{"credit: Jane Doe/AP", "credit: Joe Roe/AFP/Getty Images"}
	if diff := cmp.Diff(want, marksOf(around(gallery), "")); diff != "" {
		t.Errorf("gallery (-want +got):\n%s", diff)
	}
	byline := "Jane Doe\n\nThe Valley Herald\n\n" + first + "\n\n" + second
	want = []string{"credit: Jane Doe", "credit: The Valley Herald"}
	if diff := cmp.Diff(want, marksOf(byline, "Town loses its bridge")); diff != "" {
		t.Errorf("byline (-want +got):\n%s", diff)
	}
}

func TestRepeats(t *testing.T) {
	pitch := "Want to know more about the valley? We have you covered with 12 stories here."
	list := "Members: Ford, Fiat, Tata, Lada, Seat"
	body := func(story, number string) string {
		return around(strings.Replace(pitch, "12", number, 1)) + list + "\n" + strings.Repeat(story+" ", 30) + "end.\n"
	}
	var outlines, copies []Outline
	for i := range MinRepeats {
		if r := NewRepeats(nil, outlines); r.Seen(pitch) {
			t.Errorf("seen after %d articles", i)
		}
		outlines = append(outlines, NewOutline(body(fmt.Sprintf("story%d", i), fmt.Sprint(i)), nil))
		copies = append(copies, NewOutline(body("story", fmt.Sprint(i)), nil))
	}
	if NewRepeats(nil, copies).Seen(pitch) {
		t.Error("copies of one story count as several")
	}
	r := NewRepeats(nil, outlines)
	if !r.Seen(pitch) || !NewRepeats(r, nil).Seen(pitch) || r.Seen("two words") || r.Seen(list) || (*Repeats)(nil).Seen(pitch) {
		t.Error("a line of several stories is not seen, or another one is")
	}
	text := "\ufeff" + body("x", "7")
	text = strings.Replace(text, first+"\n\n", "", 1) // the pitch stands behind the byte order mark
	got := Marks(MarkInput{Body: text[3:], Repeats: r})
	if len(got) != 1 || text[3+got[0].Start:3+got[0].End] != strings.Replace(pitch, "12", "7", 1) || got[0].Reason != corpus.ReasonRepeated {
		t.Fatalf("marks %v", got)
	}
	got[0].Start, got[0].End = got[0].Start+3, got[0].End+3
	marked, bare := NewOutline(text, got), NewOutline(text, nil)
	if !marked.Settled(r) || marked.Settled(nil) || bare.Settled(r) || !bare.Settled(nil) {
		t.Error("an article with the mark is settled by what asks for it, one without by what does not")
	}
	if NewRepeats(nil, append(outlines[1:], marked)).Seen(pitch) != true {
		t.Error("a marked line does not count")
	}
}

func TestPassages(t *testing.T) {
	sentence := "The council of the town met again on Monday to speak about the bridge and its rusty cables for hours. " // 20 words
	body := strings.TrimSpace(strings.Repeat(sentence, 40))
	passages := Passages(body, nil)
	for i, p := range passages {
		n := words.Count(body[p.Start:p.End])
		if n < 80 || n > 170 {
			t.Errorf("passage %d has %d words", i, n)
		}
		if i > 0 {
			shared := strings.TrimSpace(body[p.Start:passages[i-1].End])
			if shared != strings.TrimSpace(sentence) {
				t.Errorf("passage %d shares %q", i, shared)
			}
		}
	}
	if len(passages) < 6 {
		t.Errorf("%d passages", len(passages))
	}
	// Text without a full stop or a space is cut, not left as one passage.
	for _, unit := range []string{"word ", "词"} {
		body := strings.TrimSpace(strings.Repeat(unit, 5000))
		for _, p := range Passages(body, nil) {
			if size(body[p.Start:p.End]) > 2*maxUnit {
				t.Errorf("a passage of %q has size %d", unit, size(body[p.Start:p.End]))
			}
		}
	}
	// A passage never reaches over a mark.
	body = around("Advertisement")
	marks := Marks(MarkInput{Body: body})
	if got := Passages(body, marks); len(got) != 2 {
		t.Errorf("passages %v around the marks %v", got, marks)
	}
}

func TestQuotable(t *testing.T) {
	tests := map[string]bool{
		"Over 1,000 security forces escape to Tajikistan": false,
		"- 'Trying our best' -":                           false,
		"What happens next?":                              false,
		"Here is what we know:":                           false,
		"He left.":                                        true,
		"The president directed heads of the agencies to deploy 20,000 men at the border, the paper reported citing its sources": true,
		"A journalist tweeted: \"The town could become the first to fall\"":                                                      true,
		"• Five people were hurt in Ohio": true,
		"• Ohio":                          false,
		"***":                             false,
	}
	for line, want := range tests {
		body := around(line)
		got := false
		for _, s := range Sentences(body, nil) {
			got = got || body[s.Start:s.End] == line
		}
		if got != want {
			t.Errorf("%q is quotable: %t, want %t", line, got, want)
		}
	}
}

func TestBetween(t *testing.T) {
	tests := map[string]Gap{
		"A one.| |B two.":              SameLine,
		"A one.|\u00a0|B two.":         SameLine,
		"A one.|\n|B two.":             NextLine,
		"A one.|\n\n|B two.":           BlankLine,
		"A one.|\r\n\r\n|B two.":       BlankLine,
		"A one.|\r\r|B two.":           BlankLine,
		"A one.|\r|B two.":             NextLine,
		"A one.|\n\n\n|B two.":         Apart,
		"A one.|\n\nAdvert\n\n|B two.": Apart,
	}
	for text, want := range tests {
		p := strings.Split(text, "|")
		body := strings.Join(p, "")
		a := corpus.Span{Start: 0, End: len(p[0])}
		b := corpus.Span{Start: len(p[0]) + len(p[1]), End: len(body)}
		if got := Between(body, a, b); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
