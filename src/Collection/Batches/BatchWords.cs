// How batches speak on pages: the English keys of their states, kinds and acts, and the colour of a state.
using Lizhou.Collection.Rejects;

namespace Lizhou.Collection.Batches;

internal static class BatchWords
{
    public static string Of(BatchState state) => state switch
    {
        BatchState.Received => "Waiting to load",
        BatchState.Loading => "Loading",
        BatchState.Landed => "Landed",
        BatchState.Refused => "Refused",
        BatchState.Cancelled => "Cancelled",
        _ => "Undone",
    };

    public static string Tone(BatchState state) => state switch
    {
        BatchState.Landed => "good",
        BatchState.Refused => "bad",
        BatchState.Loading or BatchState.Received => "info",
        BatchState.Undone => "warn",
        _ => "plain",
    };

    public static string Of(BatchAct act) => act switch
    {
        BatchAct.Received => "Taken in",
        BatchAct.Started => "Loading began",
        BatchAct.Landed => "Landed",
        BatchAct.Refused => "Refused",
        BatchAct.Cancelled => "Cancelled",
        BatchAct.Retried => "Tried again",
        BatchAct.Undone => "Undone",
        _ => "Rejected rows settled",
    };

    public static string Of(BatchKind kind) => kind == BatchKind.Replay ? "Mended rows" : "Collection";

    public static string Of(BatchPhase phase) => phase switch
    {
        BatchPhase.Inspecting => "Looking at the files",
        BatchPhase.Loading => "Loading rows",
        _ => "Committing",
    };

    public static string Of(DriftPolicy drift) => drift switch
    {
        DriftPolicy.Add => "Propose new columns",
        DriftPolicy.Ignore => "Ignore differences",
        _ => "Refuse differences",
    };

    public static string Of(MatchedBy by) => by switch
    {
        MatchedBy.Source => "as chosen",
        MatchedBy.Name => "by name",
        MatchedBy.Column => "by column name",
        _ => "by synonym",
    };

    /// <summary>What of a file was found out, in a word of its own where the reader's would be another text's but for a capital.</summary>
    public static string OfGuess(string subject) => subject switch
    {
        "encoding" => "Encoding",
        "table" => "Table",
        "units" => "Line of units",
        "dialect" => "Delimiter and quotes",
        "header" => "Header",
        "preamble" => "Lines before",
        "footer" => "Notes under",
        "filtered" => "Passed over",
        "dates" => "Dates",
        "twice" => "Sent before",
        _ => subject,
    };

    public static string Of(RejectState state) => state switch
    {
        RejectState.Open => "To be mended",
        RejectState.Mended => "Mended",
        RejectState.Withdrawn => "Withdrawn",
        _ => "Accepted as explained",
    };

    public static string Tone(RejectState state) => state switch
    {
        RejectState.Open => "bad",
        RejectState.Mended => "good",
        _ => "plain",
    };
}
