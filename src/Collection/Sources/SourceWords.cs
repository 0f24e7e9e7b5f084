// In: a value of an enumeration. Out: its English words, which are the key of its text in the other language.
using Lizhou.Collection.Batches;
using Lizhou.Tabular;

namespace Lizhou.Collection.Sources;

internal static class SourceWords
{
    public static string Of(Way way) => way switch
    {
        Way.Upload => "File upload",
        Way.Folder => "Watched folder",
        Way.Push => "HTTP push",
        Way.Database => "Database pull",
        _ => "Web interface pull",
    };

    public static string Of(Health health) => health switch
    {
        Health.New => "Waiting for first data",
        Health.Fresh => "Fresh",
        Health.Overdue => "Overdue",
        Health.Failing => "Failing",
        _ => "Paused",
    };

    public static string Of(DriftPolicy drift) => drift switch
    {
        DriftPolicy.Refuse => "Refuse the batch",
        DriftPolicy.Add => "Take known columns, propose new ones",
        _ => "Take known columns, ignore the rest",
    };

    public static string Of(RunCause cause) => cause switch
    {
        RunCause.Schedule => "By schedule",
        RunCause.Hand => "By hand",
        _ => "Arrival",
    };

    public static string Of(RunResult result) => result switch
    {
        RunResult.Running => "Running",
        RunResult.Delivered => "Delivered",
        RunResult.Nothing => "Nothing new",
        RunResult.Refused => "Refused",
        RunResult.Failed => "Failed",
        _ => "Interrupted",
    };

    public static string Of(Tls tls) => tls switch
    {
        Tls.Off => "Not encrypted",
        Tls.Required => "Encrypted",
        _ => "Encrypted, certificate checked",
    };

    public static string Of(Paging paging) => paging switch
    {
        Paging.Single => "One answer",
        Paging.Page => "Page number",
        Paging.Offset => "Offset",
        Paging.Cursor => "Cursor in the answer",
        Paging.LinkHeader => "Link header",
        _ => "Next address in the answer",
    };

    public static string Of(PullMode mode) => mode switch
    {
        PullMode.Full => "Everything each time",
        PullMode.GrowingKey => "Rows with a greater key",
        _ => "Rows changed since",
    };

    public static string Of(MatchedBy by) => by switch
    {
        MatchedBy.Source => "chosen",
        MatchedBy.Name => "same name",
        MatchedBy.Column => "column name",
        _ => "synonym",
    };

    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Text => "Text",
        ColumnType.Integer => "Integer",
        ColumnType.Decimal => "Decimal",
        ColumnType.Money => "Money",
        ColumnType.Date => "Date",
        ColumnType.Time => "Time of day",
        ColumnType.DateTime => "Date and time",
        ColumnType.Boolean => "Yes or no",
        ColumnType.IdNumber => "Identity number",
        ColumnType.Uscc => "Social credit code",
        _ => "Telephone",
    };
}
