package discord

import "github.com/bwmarrin/discordgo"

// Components of messages and modals.
type (
	MessageComponent = discordgo.MessageComponent
	ActionsRow       = discordgo.ActionsRow
	Button           = discordgo.Button
	TextInput        = discordgo.TextInput
)

// Embeds of messages.
type (
	Embed       = discordgo.MessageEmbed
	EmbedAuthor = discordgo.MessageEmbedAuthor
	EmbedFooter = discordgo.MessageEmbedFooter
)

// Styles of buttons and of text inputs.
const (
	PrimaryButton      = discordgo.PrimaryButton
	SecondaryButton    = discordgo.SecondaryButton
	TextInputParagraph = discordgo.TextInputParagraph
)
