using Lizhou.Kernel;

namespace Lizhou.Sample;

internal static class Problems
{
    public static readonly Problem NoSuchSize = new(
        "SMP-001", 400, new("没有“{0}”这种规模", "There is no size {0}"), new("可选 demo、county、full。", "Take demo, county or full."));

    public static readonly Problem NotEmpty = new(
        "SMP-002", 409, new("此数据目录已有示例以外的机构，不能混入示例数据", "This data folder holds organisations that are not the sample's; invented data must not be mixed in"),
        new("请用 --data 指定一个空目录。", "Name an empty folder with --data."));
}
