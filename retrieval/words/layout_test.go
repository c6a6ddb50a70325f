package words

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each sentence of the text stands between two bars.
var layouts = []struct{ name, text string }{
	{"a name begins a line", `|Inquiry into the dam|

|The inspector of dams told a hearing in Bremen on Tuesday that nobody at the
Water Board had been warned.| She dismissed a letter which claimed that the director,
Ada Novak, had taken 12,000 crowns from the pension fund of the dam workers.|

|Novak has led the board since 2015.|
`},
	{"paragraphs told by their indent", `|DAM TO STAY SHUT|
    |BREMEN, May 3 - The dam at Bremen will stay shut until the
autumn, the Water Board said.|
    |The director, Ada Novak, told a meeting with Governor
Ida Kern that 40 people had been moved to the school in
Aarhus.|
    |It was built in 1950.|
 |Reuter|
`},
	{"ends of sentences at ends of lines", `|The council voted on Monday night to keep the old dam at Bremen closed.|
|Members of the board had asked for more time to read the report of Gov.
Ida Kern, which was handed in on Friday and has 200 pages and a map of
Lake Bremen.|
`},
	{"paragraphs without blank lines", `|The council of Bremen voted on Monday night to keep the old dam closed until
spring.|
|Its director said that the board would pay for the repair of the walls and of
the road to Aarhus.|
`},
	{"a list with a lead-in", `|The board gave these figures for the month of May, which was the driest one
since 1950:|
|- Level of the lake: 4.4 metres|
|- Boats in the port: 212|
|The next report is due in June.|
`},
	{"a table", `|The board gave these figures for the month of May, which was the driest one
since 1950, in a table.|
|Lake       Level    Boats|
|Bremen     4.4      212|
|Aarhus     3.9      108|
`},
	{"a labelled head", `|Title: The dam at Bremen stays shut|
|Source: The Bremen Herald|
|Date: 3 May 2021|

|The dam at Bremen will stay shut until the autumn because of a crack in the wall that
Ada Novak had reported.|
`},
	{"a wide page", `|The dam at Bremen will stay shut until the autumn because of a crack in the wall that was found by two divers of the
Water Board on Monday, its director said, and nobody knows yet how long the repair of the wall and of the road to
Aarhus will take.|
`},
	{"headlines, each its own line", `|Dam at Bremen to stay shut until autumn|
|Ida Kern wins second term as governor|
|Three boats sink in storm off Aarhus|
|School in Bremen reopens after fire|
|Water Board names new director|
`},
	{"a paragraph a line", `|Dam to stay shut|
|The dam at Bremen will stay shut until the autumn because of a crack in the wall, the Water Board said on Monday after two divers had looked at it.|
|Photo: the dam in May|
|Boats are not allowed to pass, and 40 people had to leave their houses near the wall, Ada Novak, the director of the board, told a meeting on Sunday.|
`},
	{"a broken word", "|Divers of the Water Board said that the recon-\nstruction of the wall would take two years and a new under\u00ad\ncarriage.|\n"},
	{"a narrow column", `|The dam at Bremen will stay shut
until the autumn, the director of
Water Board, Ada Novak, said. |It
will cost 12 million crowns to build
it again.|
`},
}

func TestLayout(t *testing.T) {
	for _, tt := range layouts {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, s := range strings.Split(tt.text, "|") {
				if s = strings.TrimSpace(s); s != "" {
					want = append(want, s)
				}
			}
			text := strings.ReplaceAll(tt.text, "|", "")
			var got []string
			for _, r := range Sentences(text) {
				got = append(got, text[r.Start:r.End])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}
