package bot

import (
	"github.com/bwmarrin/discordgo"

	"verbatim/internal/settings"
)

// menuName is the name of the message command.
const menuName = "Find sources for this"

// row is a command with what it does.
type row struct {
	command
	entry
	complete handler // offers values while an option is typed
}

// commands is the table of all commands.
func (b *bot) commands() []row {
	all := []row{
		{chat("ask", "fragen", "Ask a question; every statement of the answer stands on a quote", "Eine Frage stellen; jede Aussage der Antwort steht auf einem Zitat",
			text("question", "frage", "What you want to know", "Was du wissen möchtest", maxQuestion).must(),
			optOutlet(), optSince(), optUntil(), optPrivate()), entry{run: b.ask, counted: true}, b.completeOutlet},
		{chat("search", "suchen", "Find passages, best first, without an answer", "Textstellen finden, die beste zuerst, ohne Antwort",
			text("query", "suche", "Words or a question", "Wörter oder eine Frage", maxQuestion).must(),
			optOutlet(), optSince(), optUntil(), optPrivate()), entry{run: b.search, counted: true}, b.completeOutlet},
		{chat("quote", "zitat", "Find words verbatim: where they stand, who wrote them and when", "Wörter im Wortlaut finden: wo sie stehen, von wem und von wann",
			text("words", "wortlaut", "The words, as they were written", "Die Wörter, so wie sie geschrieben wurden", maxQuestion).must(),
			optPrivate()), entry{run: b.quote, counted: true}, nil},
		{chat("sources", "quellen", "List the articles that I know", "Die Artikel auflisten, die ich kenne",
			text("filter", "filter", "Part of a title, an outlet, an agency or an ID", "Teil eines Titels, eines Mediums, einer Agentur oder einer ID", 100)),
			entry{run: b.sources, private: true, counted: true}, nil},
		{chat("source", "quelle", "Show one article", "Einen Artikel zeigen",
			text("id", "id", "Type a part of its title or outlet", "Tippe einen Teil des Titels oder Mediums", 100).must().offered()),
			entry{run: b.source, private: true, counted: true}, b.completeSource},
		{chat("help", "hilfe", "What I can do and how to ask", "Was ich kann und wie man fragt"), entry{run: b.help, private: true, ack: ackNow}, nil},
		{chat("privacy", "datenschutz", "What is kept of you, how long, and how to delete it", "Was von dir gespeichert wird, wie lange, und wie du es löschst",
			text("do", "tun", "What to do", "Was zu tun ist", 0).
				chosen("show", "Show what is kept", "Zeigen, was gespeichert wird").
				chosen("delete", "Delete what is kept of me", "Löschen, was von mir gespeichert ist")),
			entry{run: b.privacy, private: true}, nil},
		{command{Type: commandMessage, Name: menuName, Names: german("Quellen dazu finden"), Contexts: everywhere(), Installations: installed()},
			entry{run: b.menu, private: true, counted: true}, nil},
		{b.settingsCommand(), entry{run: b.configure, private: true, moderators: true}, nil},
	}
	if b.options.Library != nil {
		all = append(all,
			row{moderator(chat("ingest", "aufnehmen", "Add articles for this server: a text file or JSON Lines", "Artikel für diesen Server aufnehmen: eine Textdatei oder JSON Lines",
				opt(optionFile, "file", "datei", "A .txt, .jsonl or .jsonl.gz file", "Eine Datei .txt, .jsonl oder .jsonl.gz").must())),
				entry{run: b.ingest, private: true, moderators: true}, nil},
			row{moderator(chat("remove", "entfernen", "Remove an article that this server added", "Einen Artikel entfernen, den dieser Server aufgenommen hat",
				text("id", "id", "Type a part of its title or outlet", "Tippe einen Teil des Titels oder Mediums", 100).must().offered())),
				entry{run: b.remove, private: true, moderators: true}, b.completeSource})
	}
	return all
}

// settingsCommand is /verbatim, for moderators.
func (b *bot) settingsCommand() command {
	mode := text("mode", "art", "Where to answer", "Wo geantwortet wird", 0).must().
		chosen(string(settings.ThreadOpen), "In a thread on the question", "In einem Thread zur Frage").
		chosen(string(settings.ThreadReply), "As a reply to the question", "Als Antwort auf die Frage").
		chosen(string(settings.ThreadNone), "As a message of its own", "Als eigene Nachricht")
	ask := opt(optionChannel, "channel", "kanal", "The channel or forum", "Der Kanal oder das Forum").must()
	ask.ChannelTypes = []int{int(discordgo.ChannelTypeGuildText), int(discordgo.ChannelTypeGuildNews), int(discordgo.ChannelTypeGuildForum)}
	minute := func(name, german, en, de string, max int) commandOption {
		o := opt(optionInteger, name, german, en, de)
		zero, top := 0, 10*max
		o.Min, o.Max = &zero, &top
		return o
	}
	l := b.options.Limits
	c := chat("verbatim", "verbatim", "Settings of this server, for moderators", "Einstellungen dieses Servers, für die Moderation",
		sub("show", "zeigen", "Show the settings, and permissions that I lack here", "Die Einstellungen zeigen, und welche Rechte mir hier fehlen"),
		sub("channel", "kanal", "Make a channel an ask channel, where every message is a question", "Einen Kanal zum Fragekanal machen, in dem jede Nachricht eine Frage ist",
			ask, opt(optionBool, "answer", "antworten", "Whether every message there is answered", "Ob dort jede Nachricht beantwortet wird").must()),
		sub("thread", "thread", "Where mentions are answered", "Wo Erwähnungen beantwortet werden", mode),
		sub("outlets", "medien", "Search only some outlets where a question names none", "Nur einige Medien durchsuchen, wenn eine Frage keines nennt",
			text("names", "namen", "Names with commas between them; leave it out for all", "Namen, mit Komma getrennt; weglassen für alle", 400)),
		sub("limits", "grenzen", "Questions a minute; 0 for the usual number", "Fragen in der Minute; 0 für die übliche Zahl",
			minute("user", "person", "Of one person", "Einer Person", l.User), minute("channel", "kanal", "In one channel", "In einem Kanal", l.Channel),
			minute("server", "server", "In the whole server", "Auf dem ganzen Server", l.Server)),
		sub("role", "rolle", "Let only some roles ask", "Nur einige Rollen fragen lassen",
			opt(optionRole, "role", "rolle", "The role", "Die Rolle").must(),
			opt(optionBool, "allowed", "erlaubt", "Whether it may ask; with no role allowed, everybody may", "Ob sie fragen darf; ist keine erlaubt, dürfen alle").must()))
	return moderator(c)
}

func german(s string) map[string]string { return map[string]string{"de": s} }

// everywhere are the places where a command can be used: servers and direct
// messages with the bot.
func everywhere() []int {
	return []int{int(discordgo.InteractionContextGuild), int(discordgo.InteractionContextBotDM)}
}

func installed() []int { return []int{int(discordgo.ApplicationIntegrationGuildInstall)} }

func chat(name, de, description, beschreibung string, options ...commandOption) command {
	return command{Type: commandChat, Name: name, Names: german(de), Description: description, Descriptions: german(beschreibung),
		Options: options, Contexts: everywhere(), Installations: installed()}
}

// moderator hides a command from those who may not manage the server.
func moderator(c command) command {
	bits := bitSet(permManageServer)
	c.Permissions = &bits
	c.Contexts = []int{int(discordgo.InteractionContextGuild)}
	return c
}

func opt(kind int, name, de, description, beschreibung string) commandOption {
	return commandOption{Type: kind, Name: name, Names: german(de), Description: description, Descriptions: german(beschreibung)}
}

func sub(name, de, description, beschreibung string, options ...commandOption) commandOption {
	o := opt(optionSub, name, de, description, beschreibung)
	o.Options = options
	return o
}

func text(name, de, description, beschreibung string, max int) commandOption {
	o := opt(optionString, name, de, description, beschreibung)
	o.MaxLength = max
	return o
}

func (o commandOption) must() commandOption {
	o.Required = true
	return o
}

func (o commandOption) offered() commandOption {
	o.Autocomplete = true
	return o
}

func (o commandOption) chosen(value, name, de string) commandOption {
	o.Choices = append(o.Choices, commandChoice{Name: name, Names: german(de), Value: value})
	return o
}

func optOutlet() commandOption {
	return text("outlet", "medium", "Only articles of this outlet or agency", "Nur Artikel dieses Mediums oder dieser Agentur", 60).offered()
}

func optSince() commandOption {
	return text("since", "seit", "Only articles since this day, like 2021-07-04", "Nur Artikel seit diesem Tag, etwa 2021-07-04", 10)
}

func optUntil() commandOption {
	return text("until", "bis", "Only articles until this day, like 2021-07-06", "Nur Artikel bis zu diesem Tag, etwa 2021-07-06", 10)
}

func optPrivate() commandOption {
	return opt(optionBool, "private", "privat", "Show the answer to me alone", "Die Antwort nur mir zeigen")
}

// table maps every verb to its handler.
func (b *bot) table() map[string]entry {
	t := map[string]entry{
		"button " + verbContext: {run: b.context, private: true},
		"button " + verbMore:    {run: b.more, private: true, counted: true},
		"button " + verbFollow:  {run: b.followUp, ack: ackNow},
		"modal " + verbFollow:   {run: b.followed, counted: true},
		"button " + verbRight:   {run: b.right, private: true},
		"button " + verbWrong:   {run: b.wrong, ack: ackNow},
		"modal " + verbWrong:    {run: b.complained, private: true},
		"button " + verbPassage: {run: b.searchPage, ack: ackUpdate, counted: true},
		"button " + verbPlaces:  {run: b.quotePage, ack: ackUpdate, counted: true},
		"button " + verbList:    {run: b.sourcesPage, ack: ackUpdate},
		"button " + verbText:    {run: b.sourcePage, ack: ackUpdate},
	}
	for _, r := range b.commands() {
		t[r.Name] = r.entry
		if r.complete != nil {
			t["complete "+r.Name] = entry{run: r.complete, ack: ackNow, private: true}
		}
	}
	return t
}
