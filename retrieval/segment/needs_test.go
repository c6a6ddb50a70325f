package segment

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/dateline"
)

// quoted returns what is quoted for the sentences of an article's text: each
// with its context before it, in brackets.
func quoted(body string) []string {
	marks := Marks(MarkInput{Body: body, Known: dateline.Read(body, "").Marks})
	var out []string
	for _, s := range Quotable(body, marks) {
		text := strings.Join(strings.Fields(body[s.With.Start:s.With.End]), " ")
		for i := len(s.Context) - 1; i >= 0; i-- {
			text = fmt.Sprintf("[%s] %s", strings.Join(strings.Fields(body[s.Context[i].Start:s.Context[i].End]), " "), text)
		}
		if s.Corrected {
			text = "corrected: " + text
		}
		out = append(out, text)
	}
	return out
}

const lead = "The dam at Bremen\n\nThe Water Board of Bremen met on Monday to talk about the old dam.\n\n"

func TestNeeds(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       []string // behind the lead
	}{
		{"retraction in the next sentence",
			"A paper said that the board had been fined. That was wrong. The board was praised.",
			[]string{"A paper said that the board had been fined. That was wrong.", "That was wrong.", "The board was praised."}},
		{"an announced one",
			"Earlier we said that 1,400 boats were lost. The harbour master tells us that it is 140.",
			[]string{"Earlier we said that 1,400 boats were lost. The harbour master tells us that it is 140.", "The harbour master tells us that it is 140."}},
		{"one that never comes",
			"Earlier we said that 1,400 boats were lost.\n\nMore rain\n\nThe rain went on.",
			[]string{"The rain went on."}},
		{"a qualification in the next paragraph",
			"The rebels claim to have killed nine soldiers at the dam.\n\nIt is not possible to verify these claims.",
			[]string{"The rebels claim to have killed nine soldiers at the dam. It is not possible to verify these claims.", "It is not possible to verify these claims."}},
		{"a denial",
			"Ida Kern said that Ada Novak had taken the money. Novak denied the allegation in a letter.",
			[]string{"Ida Kern said that Ada Novak had taken the money. Novak denied the allegation in a letter.", "Novak denied the allegation in a letter."}},
		{"no denial",
			"Ida Kern said that Ada Novak had taken the boat. Novak denied her guests a second one.",
			[]string{"Ida Kern said that Ada Novak had taken the boat.", "Novak denied her guests a second one."}},
		{"a retraction that does not fit",
			"A paper said that the board had been fined " + strings.Repeat("once and again ", 27) + ". That was wrong. ",
			[]string{"That was wrong."}},
		{"a corrected figure",
			"The dam holds 188 million tons of water.\n\nThis article was amended on 3 May. The dam holds 88 million tons, not 188 as an earlier version said.",
			[]string{"corrected: [The dam holds 88 million tons, not 188 as an earlier version said.] The dam holds 188 million tons of water.",
				"This article was amended on 3 May.", "The dam holds 88 million tons, not 188 as an earlier version said."}},
		{"another figure",
			"The board has 188 members.\n\nCorrection: The dam cost 88 crowns, not 189 as an earlier version said.",
			[]string{"The board has 188 members.", "Correction: The dam cost 88 crowns, not 189 as an earlier version said."}},
		{"a quotation over paragraphs",
			"“We will build it again,” Novak said. “It will cost 12 million crowns.\n\n“Nobody will pay for it. The state has the money.\n\n“I have asked Ida Kern to lead the work.”\n\nKern did not answer.",
			[]string{"“We will build it again,” Novak said.",
				"“We will build it again,” Novak said. “It will cost 12 million crowns.",
				"“We will build it again,” Novak said. “It will cost 12 million crowns. “Nobody will pay for it.",
				"“We will build it again,” Novak said. “It will cost 12 million crowns. “Nobody will pay for it. The state has the money.",
				"“We will build it again,” Novak said. “It will cost 12 million crowns. “Nobody will pay for it. The state has the money. “I have asked Ida Kern to lead the work.”",
				"Kern did not answer."}},
		{"words of the speaker behind his name",
			"“The wall is old,” Novak said. “I warned them twice.” Kern left.",
			[]string{"“The wall is old,” Novak said.", "“The wall is old,” Novak said. “I warned them twice.”", "Kern left."}},
		{"a speaker by pronoun",
			"Ada Novak has led the board since 2015. “The wall is old,” she told reporters.",
			[]string{"Ada Novak has led the board since 2015.", "Ada Novak has led the board since 2015. “The wall is old,” she told reporters."}},
		{"turns of a transcript",
			"KEN BRANDT, ANCHOR: Good evening. Who shut the dam?\n\nGOV. IDA KERN (D), AARHUS: I did not. I was told of it on Friday.\n\nBRANDT: The director says so.\n\nKERN: She is wrong.",
			[]string{"KEN BRANDT, ANCHOR: Good evening.", "KEN BRANDT, ANCHOR: Good evening. Who shut the dam?",
				"[Who shut the dam?] GOV. IDA KERN (D), AARHUS: I did not.", "[Who shut the dam?] GOV. IDA KERN (D), AARHUS: I did not. I was told of it on Friday.",
				"BRANDT: The director says so.", "[BRANDT: The director says so.] KERN: She is wrong."}},
		{"questions and answers",
			"Q. Did you sign the letter?\nA. Yes, and I withdrew it.\nQ. When?\nA. On 3 May.",
			[]string{"Q. Did you sign the letter?", "[Q. Did you sign the letter?] A. Yes, and I withdrew it.", "Q. When?", "[Q. When?] A. On 3 May."}},
		{"an interview with names",
			"Herald: Did you sign the letter?\n\nNovak: Yes, and I withdrew it.\n\nHerald: Why did you do that?\n\nNovak: Because it was wrong.",
			[]string{"Herald: Did you sign the letter?", "[Herald: Did you sign the letter?] Novak: Yes, and I withdrew it.", "Herald: Why did you do that?", "[Herald: Why did you do that?] Novak: Because it was wrong."}},
		{"an interview without labels",
			"Did you sign the letter to the governor?\n\nYes, and I withdrew it.\n\nThe board has no comment.",
			[]string{"[Did you sign the letter to the governor?] Yes, and I withdrew it.", "The board has no comment."}},
		{"a list with its lead-in",
			"The board gave these figures for May:\n\n- Level of the lake: 4.4 metres\n- Boats: 212\n\nThe rain went on.",
			[]string{"[The board gave these figures for May:] - Level of the lake: 4.4 metres", "[The board gave these figures for May:] - Boats: 212", "The rain went on."}},
		{"a list with its heading",
			"The lake in May\n• Level: 4.4 metres\n• Boats: 212",
			[]string{"[The lake in May] • Level: 4.4 metres", "[The lake in May] • Boats: 212"}},
		{"a table",
			"Lakes in May\n\nLake | Level | Boats\nBremen | 4.4 | 212\nAarhus | 3.9 | 108",
			[]string{"[Lakes in May] [Lake | Level | Boats] Bremen | 4.4 | 212", "[Lakes in May] [Lake | Level | Boats] Aarhus | 3.9 | 108"}},
		{"minutes",
			"4. Repair of the dam\n\nFor: 6\nAgainst: 1 (Novak)\n\nThe meeting ended at nine.",
			[]string{"[4. Repair of the dam] For: 6", "[4. Repair of the dam] Against: 1 (Novak)", "The meeting ended at nine."}},
		{"a chronology",
			"May 12, 2009\nA boat broke through the east wall.\n\nMarch 3, 2021\nAda Novak shut the dam.",
			[]string{"[May 12, 2009] A boat broke through the east wall.", "[March 3, 2021] Ada Novak shut the dam."}},
		{"a paragraph given twice",
			"The new dam will cost 12 million crowns and be paid for by all.\nThe new dam will cost 12 million crowns and be paid for by all.\nWork begins in May.",
			[]string{"The new dam will cost 12 million crowns and be paid for by all.", "Work begins in May."}},
		{"a fragment behind furniture",
			"she had no part in it at all and never would have had one.\n\nThe board heard it.",
			[]string{"The board heard it."}},
		{"a line that breaks off",
			"The board rejected a claim by the\n\nAda Novak had stolen 12,000 crowns.",
			nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := quoted(lead + tt.body + "\n")
			want := append([]string{"The Water Board of Bremen met on Monday to talk about the old dam."}, tt.want...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("quoted (-want +got):\n%s", diff)
			}
		})
	}
}
