package segment

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"verbatim/retrieval/dateline"
)

// wireStory returns a story as wire services of the 1980s sent them: indented
// paragraphs, hard wraps at a width, no blank lines; and its sentences.
func wireStory(r *rand.Rand, width int) (body string, sentences []string) {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	name := func() string {
		return pick("Ada Novak", "Ida Kern", "Gov. Lena Brandt", "Dr. Ken Holm", "Osk Marine Corp", "the U.S. Treasury", "Quill Inc", "Prime Minister Jan de Wit", "Mr. Tamm")
	}
	place := func() string { return pick("Bremen", "Aarhus", "New Harrow", "St. Osk", "Lake Vell", "Port Kerr") }
	figure := func() string {
		return pick("1.2 mln dlrs", "300,000 tonnes", "12.5 pct", "4.4 billion crowns", "61 cts a share", "No. 3", "some 1,400 workers")
	}
	sentence := func() string {
		s := pick(
			name()+" said "+pick("on Monday", "in an interview", "yesterday")+" that "+name()+" had "+pick("sold", "bought", "closed")+" the yard at "+place()+" for "+figure()+".",
			"The company, which is owned by "+name()+", reported a loss of "+figure()+" in the year ended Dec. 31, after a profit of "+figure()+" in 1985.",
			"Traders in "+place()+" said "+figure()+" had been offered to "+name()+" and to buyers in "+place()+" at the end of last week.",
			"\"We will not pay "+figure()+" for it,\" "+name()+" told reporters in "+place()+". ",
			"A spokesman for "+name()+" denied that "+place()+" would be closed.",
			"It gave no details of the talks with "+name()+", due to end on Jan. 5, 1988.",
			"Exports from "+place()+" rose to "+figure()+" from "+figure()+", according to "+name()+".",
			"He added that "+name()+" and "+name()+" were against the plan.",
			"Under the accord "+name()+" is to deliver "+figure()+" a year until March, "+name()+" said.",
		)
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", strings.ToUpper(pick("Yard", "Mill", "Bank", "Port")+" at "+place()+" "+pick("to close", "sold", "reports loss", "seeks partner")))
	line := func(text, indent string) {
		col := 0
		for i, w := range strings.Fields(text) {
			switch {
			case i == 0:
				b.WriteString(indent)
				col = len(indent)
			case col+1+len(w) > width:
				b.WriteString("\n")
				col = 0
			default:
				b.WriteString(" ")
				col++
			}
			b.WriteString(w)
			col += len(w)
		}
		b.WriteString("\n")
	}
	for p := range 3 + r.IntN(6) {
		text := ""
		for range 1 + r.IntN(3) {
			s := sentence()
			s = strings.ToUpper(s[:1]) + s[1:]
			sentences = append(sentences, s)
			text += s + " "
		}
		if p == 0 {
			text = strings.ToUpper(place()) + ", " + pick("July 6", "Feb 26", "March 3") + " - " + text
		}
		line(text, "    ")
	}
	b.WriteString(pick(" Reuter", " REUTER", "") + "\n")
	return b.String(), sentences
}

// At most 1 % of what may be quoted of 200 wire stories is not a sentence of
// theirs, and at least 98 % of their sentences may be quoted.
func TestWire(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	quotable, fragments, all, found := 0, 0, 0, 0
	for i := range 200 {
		body, sentences := wireStory(r, 60+r.IntN(16))
		known := make(map[string]bool)
		for _, s := range sentences {
			known[strings.Join(strings.Fields(s), " ")] = true
		}
		marks := Marks(MarkInput{Body: body, Known: dateline.Read(body, "").Marks})
		got := make(map[string]bool)
		for _, s := range Quotable(body, marks) {
			text := strings.Join(strings.Fields(body[s.Start:s.End]), " ")
			quotable++
			got[text] = true
			if !known[text] {
				if fragments++; fragments < 10 {
					t.Logf("story %d: %q", i, text)
				}
			}
		}
		for s := range known {
			all++
			if got[s] {
				found++
			} else if all-found < 10 {
				t.Logf("story %d: missed %q", i, s)
			}
		}
	}
	t.Logf("%d of %d quotable sentences are fragments; %d of %d sentences are quotable", fragments, quotable, found, all)
	if fragments*100 > quotable || found*100 < all*98 {
		t.Errorf("%d of %d quotable sentences are fragments; %d of %d sentences are quotable", fragments, quotable, found, all)
	}
}
