package bot

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"verbatim/bot/discord"
	"verbatim/bot/render"

	"verbatim/internal/settings"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

const (
	maxAttachment  = 8 << 20 // bytes
	downloadLimit  = 30 * time.Second
	maxAskChannels = 50
	maxRoles       = 50
	maxOutlets     = 20
	maxLimit       = 100_000 // questions a minute that are kept
)

// help says what the bot can do.
func (b *bot) help(ctx context.Context, r *request) (*render.Reply, error) {
	rep := &render.Reply{Blocks: []render.Block{
		{Text: "I answer questions from a collection of news articles. Every statement comes with a quote, printed exactly as it is in its article. If the articles do not say, I say so."},
		{Text: "**Ask** with /ask, by mentioning me, or in a direct message. **Follow up** with the button under an answer, or by mentioning me in a reply."},
		{Text: "/search finds passages · /quote finds words verbatim · /sources lists the articles · /source shows one · right-click a message, Apps, *" + menuName + "*"},
		{Text: "/privacy says what is kept of you. Moderators: /verbatim has the settings."},
	}}
	if known := b.known(ctx, r.server); known != "" {
		rep.Blocks = append(rep.Blocks, render.Small(known))
	}
	rep.Blocks = append(rep.Blocks, lacking(r)...)
	return rep, nil
}

// known says what the corpus holds.
func (b *bot) known(ctx context.Context, server string) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return ""
	}
	infos, err := desk.Sources(ctx, retrieval.Filter{Scope: corpus.Scope{Server: server}}, "")
	if err != nil || len(infos) == 0 {
		return ""
	}
	var from, to string
	for _, i := range infos {
		if d := string(i.Published); d != "" {
			if from == "" || d < from {
				from = d
			}
			to = max(to, d)
		}
	}
	s := "I know " + render.Count(len(infos), "article")
	if from != "" {
		s += ", from " + from + " to " + to
	}
	return s + "."
}

// lacking names the permissions that the bot lacks in this channel.
func lacking(r *request) []render.Block {
	if !r.told || r.server == "" {
		return nil
	}
	missing := discord.MissingPermissions(r.permissions)
	if len(missing) == 0 {
		return nil
	}
	return []render.Block{{Text: "In this channel I lack " + strings.Join(missing, ", ") + ". Whoever may manage the channel can give it to my role, under Edit Channel, Permissions.", Soft: true}}
}

// privacy says what is kept, or deletes it.
func (b *bot) privacy(ctx context.Context, r *request) (*render.Reply, error) {
	if r.options["do"] == "delete" {
		n, err := b.options.Settings.ForgetUser(ctx, r.user)
		if err != nil {
			return nil, err
		}
		return render.Say("Done. I had kept " + render.Count(n, "piece") + " of feedback of yours, and keep none now."), nil
	}
	kept, err := b.options.Settings.KeptOf(ctx, r.user)
	if err != nil {
		return nil, err
	}
	long := "until you delete it"
	if b.options.Retention > 0 {
		long = "for " + render.Count(max(1, int(b.options.Retention.Hours()/24)), "day") + ", or until you delete it"
	}
	return &render.Reply{Blocks: []render.Block{
		{Text: "**Questions** are not kept. An answer is in its message and nowhere else; my log has neither the text of a question nor who asked it."},
		{Text: "**Feedback** (👍, 👎 and what is wrong) is kept " + long + ": the question, which quotes were shown, your verdict and reason, the server, and a keyed hash of your user id, from which nobody can read the id back."},
		{Text: "**Settings** and articles that moderators add are kept for their server. When I am removed from a server, I delete them, and the feedback given in it, " + render.Count(max(1, int(b.options.KeepRemoved.Hours()/24)), "day") + " later."},
		{Text: b.unansweredPrivacy()},
		{Text: keptOf(kept)},
		{Text: "To delete what is kept of you: /privacy do: *Delete what is kept of me*."},
	}}, nil
}

// unansweredPrivacy says what is kept of questions without an answer.
func (b *bot) unansweredPrivacy() string {
	if b.options.KeepUnanswered <= 0 {
		return "**Questions without an answer** are not kept either."
	}
	return "**Questions without an answer** are kept for " + render.Count(int(b.options.KeepUnanswered.Hours()/24), "day") +
		", with the server and the same keyed hash. Moderators see those that two persons asked, and not by whom."
}

// keptOf says what is kept of the one who asks.
func keptOf(k settings.Kept) string {
	unanswered := ""
	if k.Unanswered > 0 {
		unanswered = " and " + render.Count(k.Unanswered, "question") + " without an answer"
	}
	switch {
	case k.Feedback == 0 && unanswered == "":
		return "**Of you** I keep nothing now."
	case k.Feedback == 0:
		return "**Of you** I keep" + strings.TrimPrefix(unanswered, " and") + " now."
	}
	from, to := k.Oldest.UTC().Format(time.DateOnly), k.Newest.UTC().Format(time.DateOnly)
	when := "from " + from + " to " + to
	if from == to {
		when = "of " + from
	}
	return "**Of you** I keep " + render.Count(k.Feedback, "piece") + " of feedback" + unanswered + " now, " + when + "."
}

// configure answers /verbatim.
func (b *bot) configure(ctx context.Context, r *request) (*render.Reply, error) {
	var change func(*settings.Server) error
	var more []render.Block
	verb := ""
	if len(r.sub) > 0 {
		verb = r.sub[len(r.sub)-1]
	}
	switch verb {
	case "channel":
		more = b.channelNotes(r)
		change = func(s *settings.Server) (err error) {
			s.AskChannels, err = toggle(s.AskChannels, r.options["channel"], r.options["answer"], maxAskChannels, "ask channels")
			return err
		}
	case "thread":
		change = func(s *settings.Server) error { return setThread(s, r.options["mode"]) }
	case "outlets":
		names, err := b.outlets(ctx, r)
		if err != nil {
			return nil, err
		}
		change = func(s *settings.Server) error {
			s.Outlets = names
			return nil
		}
	case "limits":
		change = func(s *settings.Server) error { return setLimits(s, r.options) }
	case "human":
		change = func(s *settings.Server) error { return setHuman(s, r.options["role"]) }
	case "unanswered":
		return b.listUnanswered(ctx, r.server)
	case "role":
		change = func(s *settings.Server) (err error) {
			s.Roles, err = toggle(s.Roles, r.options["role"], r.options["allowed"], maxRoles, "roles")
			return err
		}
	default:
		s, err := b.options.Settings.Settings(ctx, r.server)
		return b.show(s, lacking(r)), err
	}
	s, err := b.options.Settings.UpdateSettings(ctx, r.server, change)
	if err != nil {
		return nil, err
	}
	b.keep(r.server, s)
	return b.show(s, append(more, lacking(r)...)), nil
}

func setThread(s *settings.Server, mode string) error {
	switch m := settings.ThreadMode(mode); m {
	case settings.ThreadOpen, settings.ThreadReply, settings.ThreadNone:
		s.Thread = m
		return nil
	}
	return wordsError("I know the modes thread, reply and none.")
}

func setLimits(s *settings.Server, options map[string]string) error {
	for name, into := range map[string]*int{"user": &s.Limits.User, "channel": &s.Limits.Channel, "server": &s.Limits.Server} {
		n, err := strconv.Atoi(options[name])
		if options[name] != "" && (err != nil || n < 0) {
			return wordsError("A limit is a number of questions a minute, or 0 for the usual one.")
		}
		if options[name] != "" {
			*into = min(n, maxLimit)
		}
	}
	return nil
}

// toggle puts id into a list, or takes it out.
func toggle(list []string, id, on string, max int, what string) ([]string, error) {
	if !snowflake(id) {
		return nil, wordsError("Please choose one from the list that Discord offers.")
	}
	list = slices.DeleteFunc(slices.Clone(list), func(have string) bool { return have == id })
	if on == "true" {
		if len(list) >= max {
			return nil, wordsError(fmt.Sprintf("There are %d %s already, which is as many as I take.", len(list), what))
		}
		list = append(list, id)
	}
	return list, nil
}

// snowflake reports whether s is an id of Discord.
func snowflake(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil && len(s) <= 20
}

// outlets reads names of outlets, each as the articles have it. An outlet that
// no article is from is refused, with the name that is most like it.
func (b *bot) outlets(ctx context.Context, r *request) ([]string, error) {
	known, err := b.outletNames(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range strings.Split(r.options["names"], ",") {
		if name = render.Clean(name); name == "" {
			continue
		}
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		if i < 0 {
			return nil, wordsError("I know no outlet “" + render.Escape(render.Clip(name, render.MaxName)) + "”." + like(name, known))
		}
		if !slices.Contains(out, known[i]) {
			out = append(out, known[i])
		}
	}
	if len(out) > maxOutlets {
		return nil, wordsError(fmt.Sprintf("I take at most %d outlets.", maxOutlets))
	}
	return out, nil
}

// like asks whether the name that takes the fewest changes was meant.
func like(name string, known []string) string {
	best, least := "", 0
	for _, k := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(k)); best == "" || d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return " My articles name none."
	}
	return " Did you mean “" + render.Escape(render.Clip(best, render.MaxName)) + "”?"
}

// outletNames are the outlets and agencies of the articles, sorted.
func (b *bot) outletNames(ctx context.Context, r *request) ([]string, error) {
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	infos, err := desk.Sources(ctx, r.filter(), "")
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range infos {
		if name := cmp.Or(infos[i].Outlet, infos[i].Agency); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// channelNotes says what an ask channel still needs.
func (b *bot) channelNotes(r *request) []render.Block {
	var out []render.Block
	if r.options["answer"] != "true" {
		return nil
	}
	if !b.options.MessageContent {
		out = append(out, render.Block{Text: "I cannot read ordinary messages: my operator has not switched on Discord's Message Content intent (discord.message_content). Until then I answer there only when I am mentioned.", Soft: true})
	}
	if c, ok := r.channels[r.options["channel"]]; ok {
		if bits, told := discord.Permissions(c.AppPermissions); told {
			if missing := discord.MissingPermissions(bits); len(missing) > 0 {
				out = append(out, render.Block{Text: "In <#" + c.ID + "> I lack " + strings.Join(missing, ", ") + ".", Soft: true})
			}
		}
	}
	return out
}

// show lists the settings of a server.
func (b *bot) show(s settings.Server, more []render.Block) *render.Reply {
	mention := func(ids []string, before, none string) string {
		if len(ids) == 0 {
			return none
		}
		var parts []string
		for _, id := range ids {
			if snowflake(id) {
				parts = append(parts, "<"+before+id+">")
			}
		}
		return strings.Join(parts, ", ")
	}
	mode := s.Thread
	if mode == "" {
		mode = b.options.Thread
	}
	names := "all"
	if len(s.Outlets) > 0 {
		names = render.Escape(strings.Join(s.Outlets, ", "))
	}
	limit := func(own, def int) string {
		if own > 0 {
			return strconv.Itoa(min(own, 10*def))
		}
		return strconv.Itoa(def)
	}
	l := b.options.Limits
	rep := &render.Reply{Title: "Settings of this server", Blocks: []render.Block{
		{Text: "Ask channels: " + mention(s.AskChannels, "#", "none"), Soft: true},
		{Text: "Mentions are answered: " + map[settings.ThreadMode]string{
			settings.ThreadOpen: "in a thread on the question", settings.ThreadReply: "as a reply", settings.ThreadNone: "as a message of its own"}[mode]},
		{Text: "Outlets searched by default: " + names, Soft: true},
		{Text: "Questions a minute: " + limit(s.Limits.User, l.User) + " of one person, " + limit(s.Limits.Channel, l.Channel) + " in a channel, " +
			limit(s.Limits.Server, l.Server) + " in the server"},
		{Text: "Who may ask: " + mention(s.Roles, "@&", "everybody"), Soft: true},
		{Text: "Ask a human: " + mention(strings.Fields(s.Human), "@&", "off")},
	}}
	rep.Blocks = append(rep.Blocks, more...)
	return rep
}

// ingest takes in the articles of an attachment.
func (b *bot) ingest(ctx context.Context, r *request) (*render.Reply, error) {
	a := r.attachment
	if a == nil {
		return nil, wordsError("Please attach a file.")
	}
	name := path.Base(strings.ReplaceAll(render.Clean(a.Filename), "\\", "/"))
	lower := strings.ToLower(name)
	if !strings.HasSuffix(lower, ".txt") && !strings.HasSuffix(lower, ".jsonl") && !strings.HasSuffix(lower, ".jsonl.gz") {
		return nil, wordsError("I take a text file (.txt) with one article, or JSON Lines (.jsonl, .jsonl.gz) with one article a line.")
	}
	if a.Size > maxAttachment {
		return nil, wordsError("That file is larger than 8 MB. Please cut it into smaller ones.")
	}
	data, err := b.download(ctx, a.URL)
	if err != nil {
		return nil, err
	}
	report, err := b.options.Library.Ingest(ctx, r.server, name, data)
	if err != nil {
		return nil, err
	}
	rep := &render.Reply{Title: "Articles of this server", Blocks: []render.Block{{Text: fmt.Sprintf("%s: %d added, %d changed, %d known already, %d refused.",
		render.Escape(name), report.Added, report.Changed, report.Same, report.AllRefused()), Soft: true}}}
	for i, f := range report.Refused {
		if i == 10 {
			rep.Blocks = append(rep.Blocks, render.Small(fmt.Sprintf("and %d more", report.AllRefused()-i)))
			break
		}
		rep.Blocks = append(rep.Blocks, render.Small(render.Clip(f.Source, render.MaxName)+": "+render.Clip(f.Why, 200)))
	}
	rep.Blocks = append(rep.Blocks, render.Notes(report.Notes, 0)...)
	return rep, nil
}

// download reads an attachment from where Discord keeps it.
func (b *bot) download(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || b.options.APIURL == "") {
		return nil, fmt.Errorf("read attachment: address of the kind %q", strings.SplitN(address, ":", 2)[0])
	}
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("read attachment: %w", discord.WithoutURL(err))
	}
	resp, err := b.api.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("read attachment: %w", discord.WithoutURL(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("read attachment: HTTP %d", resp.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAttachment+1))
	if err != nil {
		return nil, fmt.Errorf("read attachment: %w", discord.WithoutURL(err))
	}
	if len(data) > maxAttachment {
		return nil, wordsError("That file is larger than 8 MB. Please cut it into smaller ones.")
	}
	return data, nil
}

// remove takes out an article of this server.
func (b *bot) remove(ctx context.Context, r *request) (*render.Reply, error) {
	id := render.Clean(r.options["id"])
	if err := b.options.Library.Remove(ctx, r.server, id); err != nil {
		return nil, err
	}
	return render.Say("Removed " + render.Escape(render.Clip(id, 40)) + "."), nil
}
