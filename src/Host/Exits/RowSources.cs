// The places from which rows can be taken at all, and the reasoned list of those who do it. Whoever is not on it and takes rows fails a test.
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Host.Exits;

/// <summary>Why somebody holds rows.</summary>
internal enum Hold
{
    /// <summary>Hands them out, as the policy decided.</summary>
    Policy,

    /// <summary>Reads what is there to write what shall be; hands none out.</summary>
    Writes,

    /// <summary>Checks, copies or packs files; hands none out.</summary>
    Keeps,

    /// <summary>Files as they came and rows that did not fit, of those who sent them; values are shown as the policy decides.</summary>
    Sent,

    /// <summary>The engine's own machinery, which everybody above uses.</summary>
    Engine,
}

/// <param name="Name">A type with its namespace, or a namespace that ends in a dot.</param>
internal sealed record Holder(string Name, Hold Hold, string Why)
{
    public bool Is(Member member) => Whole(member.Owner) is var type && (Name.EndsWith('.') ? type.StartsWith(Name, StringComparison.Ordinal) : type == Name);

    /// <summary>A nested type belongs to the one it is nested in.</summary>
    public static string Whole(Type type) => type.FullName!.Split('+')[0];
}

internal static class RowSources
{
    public static readonly IReadOnlyList<Holder> Holders =
    [
        new("Lizhou.Policy.RowGate", Hold.Policy, "pages of rows"),
        new("Lizhou.Policy.ChangeGate", Hold.Policy, "what changed between two snapshots"),
        new("Lizhou.Policy.WriteRows", Hold.Policy, "files of rows"),
        new("Lizhou.Policy.RowFiles", Hold.Policy, "the formats of files"),
        new("Lizhou.Policy.SheetFile", Hold.Policy, "workbooks"),
        new("Lizhou.Policy.Views.OpenView", Hold.Policy, "decides, and makes the view that everything is asked of"),
        new("Lizhou.Policy.Views.View", Hold.Policy, "the relation as the reader may see it"),
        new("Lizhou.Sharing.Deliveries.Files.FetchFile", Hold.Policy, "files the gate wrote, decided anew at each fetch"),
        new("Lizhou.Policy.UserSql.ReadResult", Hold.Policy, "results of users' queries, decided anew"),
        new("Lizhou.Policy.UserSql.TellQuery", Hold.Policy, "keys of the persons a query was about, for the evidence; no row"),
        new("Lizhou.Policy.Disclosure.PersonKey", Hold.Policy, "keys of the persons an answer was about, for the evidence; no row"),
        new("Lizhou.Policy.UserSql.StatementDesk", Hold.Policy, "what a model computes, in a worker, into a file that becomes a table read through the gate; of its rows only the names of changed slices are told"),
        new("Program", Hold.Policy, "the worker's program: its engine sees the files of the decided views alone"),
        new("Lizhou.Lake.Writes.", Hold.Writes, "keys, removals, undo, buffers"),
        new("Lizhou.Lake.GovernedLoad", Hold.Writes, "a load's own chunks"),
        new("Lizhou.Lake.Duplicates", Hold.Writes, "keys that are there already"),
        new("Lizhou.Lake.Warehouse", Hold.Writes, "the staging of what is written"),
        new("Lizhou.Lake.Maintenance.", Hold.Keeps, "compaction, restore"),
        new("Lizhou.Lake.LakeModule", Hold.Keeps, "names the engine's folders"),
        new("Lizhou.Lake.Engine", Hold.Engine, "opens and locks sessions"),
        new("Lizhou.Lake.GateFunctions", Hold.Engine, "the functions of a load"),
        new("Lizhou.Lake.Sandbox", Hold.Engine, "the locked engine of a worker"),
        new("Lizhou.Lake.Reading.Reader", Hold.Engine, "rows of a plan, for those above"),
        new("Lizhou.Lake.Reading.Difference", Hold.Engine, "rows one snapshot shows and another does not, for those above"),
        new("Lizhou.Lake.Reading.HeldBack", Hold.Engine, "rows without those of batches that are held back, for those above"),
        new("Lizhou.Lake.Reading.ArrowFile", Hold.Engine, "a format, for the policy"),
        new("Lizhou.Lake.ParquetFiles", Hold.Sent, "files of departments; refuses the lake's own folder"),
        new("Lizhou.Host.Cli", Hold.Sent, "lizhou inspect: files of the one who calls it, without a lake"),
        new("Lizhou.Quality.QualityModule", Hold.Sent, "lizhou check: files of the one who calls it, without a lake"),
        new("Lizhou.Lake.Scans.ScanTogether", Hold.Engine, "numbers and origins of rows at fault together, with the sums or the value before, for those above"),
        new("Lizhou.Lake.ScanState", Hold.Engine, "what a scan keeps of a file: drawn rows and common values among its figures"),
        new("Lizhou.Quality.Rules.StateRules", Hold.Keeps, "compares how values are distributed; hands out one figure"),
        new("Lizhou.Quality.Kept.StoreScan", Hold.Keeps, "asks a file's figures whose batch it is"),
        new("Lizhou.Quality.Kept.ReadProfile", Hold.Policy, "the profile of a resource; each value as the policy shows it"),
        new("Lizhou.Quality.Kept.SuggestKept", Hold.Policy, "rules found in drawn rows; those with values of items that the reader does not see in clear are left out"),
        new("Lizhou.Quality.Kept.Once.FindOnce", Hold.Policy, "whether the drawn values of a column were given out one after the other; hands out yes or no"),
        new("Lizhou.Host.Keeping.RestoreCity", Hold.Keeps, "a whole city from a backup, on the machine itself"),
        new("Lizhou.Collection.Batches.Originals", Hold.Sent, "keeps the files as they came"),
        new("Lizhou.Collection.Batches.TellPlaces", Hold.Sent, "in which line of its file a record stands; hands out numbers of lines"),
        new("Lizhou.Collection.Batches.LoadBatch", Hold.Sent, "brings a batch in"),
        new("Lizhou.Collection.Rejects.ReplayRejects", Hold.Sent, "brings mended rows in"),
        new("Lizhou.Collection.Rejects.RejectPage", Hold.Sent, "rows that did not fit; each value as the policy shows it"),
        new("Lizhou.Collection.Sources.Upload.Uploads", Hold.Sent, "files somebody has uploaded and not yet sent; each value as the policy shows it"),
    ];

    /// <summary>Whether rows can be taken by this member.</summary>
    public static bool Gives(Member member) => Holder.Whole(member.Owner) switch
    {
        "Lizhou.Lake.Session" => member.Name is "Execute" or "Scalar" or "Rows" or "Stream" or "Batches" or "get_Connection",
        "Lizhou.Lake.Sandbox" => member.Name is ".ctor" or "Run",
        "Lizhou.Lake.ParquetFiles" => member.Name is ".ctor" or "Alone" or "Open",
        "Lizhou.Lake.Reading.ReadPlan" => member.Name is "Relation" or "Scan" or "Positions",
        "Lizhou.Lake.Reading.Difference" => member.Name == "Rows",
        "Lizhou.Sharing.Deliveries.Files.FileShelf" => member.Name == "Find",
        "Lizhou.Lake.Reading.Reader" or "Lizhou.Lake.Reading.ArrowFile" => member.Name is "Rows" or "Stream" or "Write",
        "Lizhou.Lake.ScanState" => member.Name is "get_Sample" or "Quantile" or "Top" or "Forms",
        "Lizhou.Lake.TopCounts" => member.Name == "Top",
        "Lizhou.Lake.Engine" => member.Name is "Read" or "Write" or "get_Loader",
        "Lizhou.Lake.Warehouse" => member.Name is "Plan" or "PlanAs" or "get_Engine" or nameof(Warehouse.DataFolder),
        "Lizhou.Kernel.Settings" => member.Name is "get_" + nameof(Settings.Lake) or "get_" + nameof(Settings.Originals) or "get_" + nameof(Settings.Uploads),
        "Lizhou.Collection.Batches.Originals" => member.Name == "PathOf",
        "Lizhou.Collection.Rejects.RejectFile" => member.Name == "Read",
        _ => false,
    };

    /// <summary>Who takes rows: not the source itself, nor the contract it answers to.</summary>
    public static IEnumerable<Member> Takers(CallGraph graph) => graph.Calls
        .Where(c => Gives(c.Called) && Holder.Whole(c.Caller.Owner) != Holder.Whole(c.Called.Owner) && !c.Caller.Owner.IsInterface && c.Caller.Owner != typeof(object))
        .Select(c => c.Caller).Distinct();
}
