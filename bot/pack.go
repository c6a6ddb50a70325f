package bot

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"verbatim/bot/discord"
)

const (
	// maxContent is Discord's limit for a message, counted so that emoji
	// count as two.
	maxContent = 2000
	maxLabel   = 80
	// maxMessages is how many messages an answer may take before the rest of
	// it goes into a file.
	maxMessages = 3
)

const (
	inFile      = "-# The rest is in the attached file."
	inFileShort = "*This part is too long for a message: it is in the attached file.*"
)

// pack cuts a reply into messages that Discord takes: nothing inside a word,
// a quote, a link or a Markdown mark is ever cut. What does not fit into
// maxMessages, or is one piece longer than a message, goes into a file.
// Buttons stand under the first message, which has the question.
func pack(r *reply) []discord.Outgoing {
	texts, whole := fill(r)
	var attached *discord.File
	switch {
	case r.file != nil:
		attached = r.file
	case !whole:
		attached = &discord.File{Name: "answer.txt", Data: []byte(plainText(r))}
	}
	if len(texts) > maxMessages {
		texts = texts[:1]
		attached = &discord.File{Name: "answer.txt", Data: []byte(plainText(r))}
		texts[0] = join(texts[0], inFile)
	}
	out := make([]discord.Outgoing, len(texts))
	for i, t := range texts {
		out[i] = discord.Outgoing{Content: t, Components: []discord.MessageComponent{}, Mentions: discord.Mentions{Parse: []string{}}}
	}
	out[0].Components = rows(r.rows)
	if attached != nil {
		out[0].File = attached
		out[0].Attachments = &[]discord.SentFile{{ID: 0, Filename: attached.Name}}
	}
	return out
}

// fill sets the blocks of r into texts; whole is false where a part of one
// was left to the file. Room for the pointer to the file is kept free.
func fill(r *reply) (texts []string, whole bool) {
	limit := maxContent - units(inFile) - 2
	cur := r.head
	whole = true
	flush := func() {
		if cur != "" {
			texts = append(texts, cur)
		}
		cur = ""
	}
	for _, b := range r.blocks {
		text := b.text
		if joined := join(cur, text); units(joined) <= limit {
			cur = joined
			continue
		}
		for b.soft && units(join(cur, text)) > limit {
			room := limit - units(cur) - 1
			part, rest, ok := split(text, room)
			if !ok && cur != "" && cur != r.head {
				flush()
				continue
			}
			if !ok {
				break
			}
			cur = join(cur, part)
			text = rest
			flush()
		}
		if units(text) > limit-units(r.head)-1 && units(text) > limit {
			text, whole = inFileShort, false
		}
		if units(join(cur, text)) > limit {
			flush()
		}
		cur = join(cur, text)
	}
	flush()
	if len(texts) == 0 {
		texts = []string{"\u2800"}
	}
	return texts, whole
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// split cuts escaped prose after the last whole sentence, or else the last
// whole word, that leaves at most room units; never inside square brackets.
func split(text string, room int) (part, rest string, ok bool) {
	best, sentence, depth, used := 0, 0, 0, 0
	prev := ' '
	for i, r := range text {
		switch r {
		case '[':
			depth++
		case ']':
			depth = max(0, depth-1)
		case ' ', '\n':
			if depth == 0 && used <= room {
				best = i
				if r == '\n' || strings.ContainsRune(".!?…", prev) {
					sentence = i
				}
			}
		}
		used += units(string(r))
		if used > room {
			break
		}
		prev = r
	}
	if sentence > best/2 {
		best = sentence
	}
	if best == 0 {
		return "", "", false
	}
	return strings.TrimRight(text[:best], " \n"), strings.TrimLeft(text[best:], " \n"), true
}

var markdown = regexp.MustCompile(`(?m)^(-# |> )|\*\*|\]\(<[^>]*>\)`)

// plainText is a whole reply for a file, without Markdown.
func plainText(r *reply) string {
	var b strings.Builder
	for _, s := range append([]block{{text: r.head}}, r.blocks...) {
		text := s.plain
		if text == "" {
			text = unescape(markdown.ReplaceAllString(s.text, ""))
		}
		if text != "" {
			b.WriteString(strings.TrimRight(text, "\n"))
			b.WriteString("\n\n")
		}
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// rows turns buttons into components: at most five in a row, no id twice, no
// label over the limit.
func rows(all [][]button) []discord.MessageComponent {
	out := []discord.MessageComponent{}
	seen := map[string]bool{}
	for _, row := range all {
		var cs []discord.MessageComponent
		for _, b := range row {
			if len(cs) == 5 || len(b.id) > maxID || seen[b.id] || !utf8.ValidString(b.id) {
				continue
			}
			seen[b.id] = true
			style := discord.SecondaryButton
			if b.style == loud {
				style = discord.PrimaryButton
			}
			cs = append(cs, discord.Button{Label: clip(b.label, maxLabel), Style: style, CustomID: b.id, Disabled: b.off})
		}
		if len(cs) > 0 && len(out) < 5 {
			out = append(out, discord.ActionsRow{Components: cs})
		}
	}
	return out
}
