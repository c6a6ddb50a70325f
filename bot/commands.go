package bot

import (
	"context"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/bot/render"
	"verbatim/internal/settings"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Desk is what the commands ask; *answer.Answerer is one. It is called from many
// goroutines.
type Desk interface {
	Ask(ctx context.Context, r answer.Request) (*answer.Answer, error)
	Search(ctx context.Context, r answer.SearchRequest) (*answer.SearchResult, error)
	Sources(ctx context.Context, f retrieval.Filter, text string) ([]corpus.Info, error)
	Article(ctx context.Context, id string, scope corpus.Scope) (*corpus.Article, error)
	Quote(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (corpus.Quote, error)
	Context(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (answer.Around, error)
	Find(ctx context.Context, words string, f retrieval.Filter) (*answer.FindResult, error)
}

// menuName is the name of the message command.
const menuName = "Find sources for this"

// row is a command with what it does.
type row struct {
	discord.Command
	entry
	complete handler // offers values while an option is typed
}

// commands is the table of all commands.
func (b *bot) commands() []row {
	filters := []discord.CommandOption{
		completed(text("outlet", "Only articles of this outlet or agency", 60)),
		text("since", "Only articles since this day, like 2021-07-04", 10),
		text("until", "Only articles until this day, like 2021-07-06", 10),
		private(),
	}
	article := completed(required(text("id", "Type a part of its title or outlet", 100)))
	all := []row{
		{slash("ask", "Ask a question; every statement of the answer comes with a quote",
			append([]discord.CommandOption{required(text("question", "What you want to know", render.MaxQuestion))}, filters...)...),
			entry{run: b.ask, cost: costQuestion}, b.completeOutlet},
		{slash("search", "Find passages, best first, without an answer",
			append([]discord.CommandOption{required(text("query", "Words or a question", render.MaxQuestion))}, filters...)...),
			entry{run: b.search, cost: costSearch}, b.completeOutlet},
		{slash("quote", "Find words verbatim: the sentence, who wrote it and when",
			required(text("words", "The words, as they were written", render.MaxQuestion)), private()),
			entry{run: b.quote, cost: costSearch}, nil},
		{slash("sources", "List the articles that I know",
			text("filter", "Part of a title, an outlet, an agency or an ID", 100)),
			entry{run: b.sources, private: true, cost: costSearch}, nil},
		{slash("source", "Show one article", article),
			entry{run: b.source, private: true, cost: costSearch}, b.completeSource},
		{slash("help", "What I can do and how to ask"), entry{run: b.help, private: true, ack: ackNow}, nil},
		{slash("privacy", "What is kept of you, how long, and how to delete it",
			chosen(text("do", "What to do", 0), "show", "Show what is kept", "delete", "Delete what is kept of me")),
			entry{run: b.privacy, private: true}, nil},
		{discord.Command{Type: discord.CommandMessage, Name: menuName, Contexts: discord.Everywhere(), Installations: discord.ServerInstall()},
			entry{run: b.menu, private: true, cost: costQuestion}, nil},
		{b.settingsCommand(), entry{run: b.configure, private: true, moderators: true}, nil},
	}
	if b.options.Library != nil {
		all = append(all,
			row{moderator(slash("ingest", "Add articles for this server: a text file or JSON Lines",
				required(opt(discord.OptionFile, "file", "A .txt, .jsonl or .jsonl.gz file")))),
				entry{run: b.ingest, private: true, moderators: true}, nil},
			row{moderator(slash("remove", "Remove an article that this server added", article)),
				entry{run: b.remove, private: true, moderators: true}, b.completeSource})
	}
	return all
}

// settingsCommand is /verbatim, for moderators.
func (b *bot) settingsCommand() discord.Command {
	mode := chosen(required(text("mode", "Where to answer", 0)),
		string(settings.ThreadOpen), "In a thread on the question",
		string(settings.ThreadReply), "As a reply to the question",
		string(settings.ThreadNone), "As a message of its own")
	ask := required(opt(discord.OptionChannel, "channel", "The channel or forum"))
	ask.ChannelTypes = []int{discord.ChannelText, discord.ChannelNews, discord.ChannelForum}
	minute := func(name, description string, max int) discord.CommandOption {
		o := opt(discord.OptionInteger, name, description)
		zero, top := 0, 10*max
		o.Min, o.Max = &zero, &top
		return o
	}
	l := b.options.Limits
	return moderator(slash("verbatim", "Settings of this server, for moderators",
		sub("show", "Show the settings, and permissions that I lack here"),
		sub("channel", "Make a channel an ask channel, where every message is a question",
			ask, required(opt(discord.OptionBool, "answer", "Whether every message there is answered"))),
		sub("thread", "Where mentions are answered", mode),
		sub("outlets", "Search only some outlets if a question names none",
			text("names", "Names with commas between them; leave it out for all", 400)),
		sub("limits", "Questions a minute; 0 for the usual number",
			minute("user", "Of one person", l.User), minute("channel", "In one channel", l.Channel), minute("server", "In the whole server", l.Server)),
		sub("human", "Name the role that a button under refusals asks",
			opt(discord.OptionRole, "role", "The role; leave it out for none")),
		sub("unanswered", "List what was asked and not answered"),
		sub("role", "Let only some roles ask",
			required(opt(discord.OptionRole, "role", "The role")),
			required(opt(discord.OptionBool, "allowed", "Whether it may ask; with no role allowed, everybody may")))))
}

func slash(name, description string, options ...discord.CommandOption) discord.Command {
	return discord.Command{Type: discord.CommandChat, Name: name, Description: description,
		Options: options, Contexts: discord.Everywhere(), Installations: discord.ServerInstall()}
}

// moderator hides a command from those who may not manage the server.
func moderator(c discord.Command) discord.Command {
	bits := discord.BitSet(discord.PermManageServer)
	c.Permissions = &bits
	c.Contexts = discord.InServers()
	return c
}

func opt(kind int, name, description string) discord.CommandOption {
	return discord.CommandOption{Type: kind, Name: name, Description: description}
}

func sub(name, description string, options ...discord.CommandOption) discord.CommandOption {
	o := opt(discord.OptionSub, name, description)
	o.Options = options
	return o
}

func text(name, description string, max int) discord.CommandOption {
	o := opt(discord.OptionString, name, description)
	o.MaxLength = max
	return o
}

func private() discord.CommandOption {
	return opt(discord.OptionBool, "private", "Show the answer to me alone")
}

func required(o discord.CommandOption) discord.CommandOption {
	o.Required = true
	return o
}

// completed offers values while the option is typed.
func completed(o discord.CommandOption) discord.CommandOption {
	o.Autocomplete = true
	return o
}

// chosen offers values, each followed by its name.
func chosen(o discord.CommandOption, pairs ...string) discord.CommandOption {
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Choices = append(o.Choices, discord.CommandChoice{Name: pairs[i+1], Value: pairs[i]})
	}
	return o
}

// table maps every verb to its handler.
func (b *bot) table() map[string]entry {
	t := map[string]entry{
		"button " + render.VerbContext: {run: b.context, private: true},
		"button " + render.VerbMore:    {run: b.more, private: true, cost: costSearch},
		"button " + render.VerbFollow:  {run: b.followUp, ack: ackNow},
		"modal " + render.VerbFollow:   {run: b.followed, cost: costQuestion},
		"button " + render.VerbAll:     {run: b.all, private: true, cost: costSearch},
		"button " + render.VerbHuman:   {run: b.askHuman, cost: costQuestion},
		"button " + render.VerbDelete:  {run: b.takeBack, ack: ackUpdate},
		"button " + render.VerbDown:    {run: b.down, private: true},
		"button " + render.VerbRight:   {run: b.right, private: true},
		"button " + render.VerbWrong:   {run: b.wrong, ack: ackNow},
		"modal " + render.VerbWrong:    {run: b.complained, private: true},
		"button " + render.VerbPassage: {run: b.searchPage, ack: ackUpdate, cost: costSearch},
		"button " + render.VerbPlaces:  {run: b.quotePage, ack: ackUpdate, cost: costSearch},
		"button " + render.VerbList:    {run: b.sourcesPage, ack: ackUpdate, cost: costSearch},
		"button " + render.VerbText:    {run: b.sourcePage, ack: ackUpdate, cost: costSearch},
	}
	for _, r := range b.commands() {
		t[r.Name] = r.entry
		if r.complete != nil {
			t["complete "+r.Name] = entry{run: r.complete, ack: ackNow, private: true}
		}
	}
	return t
}
